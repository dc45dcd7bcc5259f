using System.CommandLine;
using System.Globalization;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary><c>seeds</c>: random lives with random faults. The regression seeds run first, whatever was asked for.</summary>
internal static class SeedsCommand
{
    public static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many fresh seeds.", DefaultValueFactory = _ => 1_000 };
        var from = new Option<ulong>("--from") { Description = "The first; the others follow.", DefaultValueFactory = _ => 1 };
        var options = new CampaignOptions();
        var command = new Command("seeds", "Runs fresh seeds and all regression seeds.") { count, from };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var (first, number) = (parsed.GetValue(from), parsed.GetValue(count));
            var seeds = Regressions.Seeds.Concat(Enumerable.Range(0, number).Select(n => first + (ulong)n)).ToList();
            return options.Campaign("seeds", parsed).Run(
                seeds.Select(JobOf),
                seeds.Count,
                ["seeds", "--count", Text(number), "--from", Text(first)]);
        });
        return command;
    }

    private static Job JobOf(ulong seed) => new($"replay {Text(seed)}", () => Seeds.Run(seed));

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
