using System.CommandLine;
using Simulation.Mutants;

namespace Simulation.Cli;

/// <summary><c>mutants</c>: sabotages a copy of the product, one named defect at a time, and asks the suites whether they notice.</summary>
internal static class MutantsCommand
{
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "Only mutants whose name contains this." };
        var from = new Option<int>("--from") { Description = "Begins with this one, counted from 1.", DefaultValueFactory = _ => 1 };
        var keep = new Option<bool>("--keep") { Description = "Leaves the copy of the tree behind." };
        var list = new Option<bool>("--list") { Description = "Names them, and checks that each still fits the product's text." };
        var command = new Command("mutants", "Breaks the product on purpose, one named defect at a time: each must be caught.") { only, from, keep, list };
        command.SetAction(parsed =>
        {
            var chosen = AllMutants.All.Skip(parsed.GetValue(from) - 1)
                .Where(m => parsed.GetValue(only) is not { } part || m.Name.Contains(part, StringComparison.OrdinalIgnoreCase))
                .ToList();
            using var copy = SourceCopy.Of(SourceCopy.FindRoot(), parsed.GetValue(keep));
            return parsed.GetValue(list) ? List(chosen, copy) : Run(chosen, copy);
        });
        return command;
    }

    private static int List(List<Mutant> mutants, SourceCopy copy)
    {
        var wrong = 0;
        foreach (var mutant in mutants)
        {
            var problem = copy.ProblemOf(mutant);
            wrong += problem is null ? 0 : 1;
            Console.Out.WriteLine($"{(problem is null ? "fits  " : "STALE ")} {mutant.Name}{(problem is null ? "" : ": " + problem)}");
        }

        Console.Out.WriteLine($"{mutants.Count} mutants, {wrong} do not fit the product's text any more");
        return wrong == 0 ? 0 : 1;
    }

    private static int Run(List<Mutant> mutants, SourceCopy copy)
    {
        if (!copy.Build(out var output))
        {
            Console.Out.WriteLine($"the tree does not build unharmed:\n{output}");
            return 2;
        }

        var survived = new List<string>();
        foreach (var mutant in mutants)
        {
            var verdict = copy.Try(mutant);
            Console.Out.WriteLine($"{(verdict.Caught ? "caught  " : "SURVIVED")} {mutant.Name} — {verdict.By}");
            if (!verdict.Caught)
            {
                survived.Add(mutant.Name);
            }
        }

        Console.Out.WriteLine($"mutants: {mutants.Count - survived.Count} of {mutants.Count} caught");
        return survived.Count == 0 ? 0 : 1;
    }
}
