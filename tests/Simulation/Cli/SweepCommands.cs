using System.CommandLine;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary><c>sweep</c>: every fault kind at every call of every story, and a crash before and after each effect.</summary>
internal static class SweepCommand
{
    public static Command Create() => ExhaustiveCommand.Create(
        "sweep",
        "Every fault kind at every call of every story, and a crash before and after each side effect, with one and two daemons.",
        AllStories.All,
        static (story, nodes, polls) => [.. Sweep.FaultsOf(story, nodes, polls), .. Sweep.CrashesOf(story, nodes)]);
}

/// <summary><c>crash</c>: only the crashes.</summary>
internal static class CrashCommand
{
    public static Command Create() => ExhaustiveCommand.Create(
        "crash",
        "A crash right before and right after each side effect of every story, with one and two daemons.",
        AllStories.All,
        static (story, nodes, _) => Sweep.CrashesOf(story, nodes));
}

/// <summary><c>pairs</c>: two crashes in one run, for the core stories.</summary>
internal static class PairsCommand
{
    public static Command Create() => ExhaustiveCommand.Create(
        "pairs",
        "Each pair of crashes in the core stories, or in the one that is named: the second strikes while the first is being got over.",
        [.. AllStories.All.Where(s => s.IsCore)],
        static (story, nodes, _) => Sweep.PairsOf(story, nodes));
}

/// <summary><c>mixed</c>: a fault at Fly and one at the database, or a crash, in one run.</summary>
internal static class MixedCommand
{
    public static Command Create() => ExhaustiveCommand.Create(
        "mixed",
        "A fault at Fly together with one at the database, or a crash, anywhere in the same run of each story. Millions: use --every.",
        AllStories.All,
        Sweep.MixedOf);
}
