using System.CommandLine;
using System.Globalization;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary><c>shrink</c>: the fewest disturbances of a failing seed that still break the same rule (delta debugging).</summary>
internal static class ShrinkCommand
{
    public static Command Create()
    {
        var seed = new Argument<ulong>("seed");
        var command = new Command("shrink", "Finds the fewest disturbances with which a failing seed still fails.") { seed };
        command.SetAction(parsed => Shrink(parsed.GetValue(seed)));
        return command;
    }

    private static int Shrink(ulong seed)
    {
        var first = Seeds.Run(seed);
        if (first.IsGood)
        {
            Console.Out.WriteLine($"seed {seed} does not fail");
            return 0;
        }

        var rule = RuleOf(first);
        var kept = first.Happened.Select(h => h.Number).ToList();
        for (var chunk = Math.Max(1, kept.Count / 2); kept.Count > 0; chunk = chunk > 1 ? chunk / 2 : 0)
        {
            if (chunk == 0)
            {
                break;
            }

            for (var start = 0; start < kept.Count;)
            {
                var without = kept.Take(start).Concat(kept.Skip(start + chunk)).ToList();
                var outcome = Seeds.Run(seed, without.ToHashSet());
                if (!outcome.IsGood && RuleOf(outcome) == rule)
                {
                    kept = without;
                }
                else
                {
                    start += chunk;
                }
            }
        }

        var last = Seeds.Run(seed, kept.ToHashSet());
        Console.Out.WriteLine($"{first.Happened.Count} disturbances became {kept.Count}: {string.Join("; ", last.Happened.Select(h => $"{h.Number} {h.What}"))}");
        Console.Out.WriteLine(last.Problems[0]);
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"replay {seed} --only {string.Join(',', kept)}"));
        return 1;
    }

    private static string RuleOf(RunOutcome outcome) => outcome.Problems[0].Split(':')[0];
}
