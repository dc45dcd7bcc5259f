using System.CommandLine;

namespace Simulation.Cli;

/// <summary>What every campaign can be told.</summary>
internal sealed class CampaignOptions
{
    public Option<int> Processes { get; } = new("--processes")
    {
        Description = "How many processes share the runs; each uses one core.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    public Option<int?> Part { get; } = new("--part") { Description = "Runs only this process's share.", Hidden = true };

    public Option<string?> Coverage { get; } = new("--coverage") { Description = "Writes what was injected and survived into this file." };

    public Option<int> Failures { get; } = new("--failures")
    {
        Description = "Each process stops after so many; 1 when all that matters is whether there is one.",
        DefaultValueFactory = _ => 5,
    };

    public void AddTo(Command command)
    {
        command.Add(Processes);
        command.Add(Part);
        command.Add(Coverage);
        command.Add(Failures);
    }

    public Campaign Campaign(string name, ParseResult parsed) => new(
        name, parsed.GetValue(Processes), parsed.GetValue(Part), parsed.GetValue(Coverage), parsed.GetValue(Failures));
}
