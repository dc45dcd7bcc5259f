using System.CommandLine;
using System.Globalization;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary><c>replay</c>: one run again, with a readable timeline.</summary>
internal static class ReplayCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = "A seed, or the name of a run as a campaign printed it." };
        var only = new Option<string?>("--only") { Description = "The numbers of the disturbances that may happen, as shrink printed them: 3,17,22" };
        var lines = new Option<int>("--lines") { Description = "Shown of the timeline, the last; 0 = all.", DefaultValueFactory = _ => 60 };
        var command = new Command("replay", "Runs one seed, or one run of a sweep, again and shows its timeline.") { what, only, lines };
        command.SetAction(parsed => Replay(parsed.GetValue(what)!, Numbers(parsed.GetValue(only)), parsed.GetValue(lines)));
        return command;
    }

    public static IReadOnlySet<int>? Numbers(string? text) => text is null
        ? null
        : text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToHashSet();

    private static int Replay(string what, IReadOnlySet<int>? only, int shown)
    {
        var outcome = ulong.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? Seeds.Run(seed, only, keepLines: true)
            : Sweep.Run(what, keepLines: true);
        if (outcome is null)
        {
            Console.Error.WriteLine($"'{what}' is neither a seed nor the name of a run, such as provision-pro/1/fly:7:late; see sweep and crash.");
            return 2;
        }

        foreach (var line in shown == 0 ? outcome.Lines : outcome.Lines.TakeLast(shown))
        {
            Console.Out.WriteLine(line);
        }

        Console.Out.WriteLine();
        Console.Out.WriteLine($"happened: {string.Join("; ", outcome.Happened.Select(h => $"{h.Number} {h.What}"))}");
        Console.Out.WriteLine($"hash {outcome.Hash:x16}, {outcome.VirtualTime} of virtual time");
        foreach (var problem in outcome.Problems)
        {
            Console.Out.WriteLine("PROBLEM " + problem);
        }

        return outcome.IsGood ? 0 : 1;
    }
}
