using System.CommandLine;

namespace Simulation.Cli;

/// <summary>The commands of the simulation.</summary>
internal static class CommandLine
{
    public static RootCommand Root() => new("Runs the real controller in simulated worlds, with everything that can go wrong, and checks its promises after every event.")
    {
        SeedsCommand.Create(),
        SweepCommand.Create(),
        CrashCommand.Create(),
        PairsCommand.Create(),
        MixedCommand.Create(),
        ReplayCommand.Create(),
        ShrinkCommand.Create(),
        SameCommand.Create(),
        FleetCommand.Create(),
        LoadCommand.Create(),
        CoverageCommand.Create(),
        MutantsCommand.Create(),
    };
}
