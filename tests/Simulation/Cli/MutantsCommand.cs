using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using Simulation.Mutants;

namespace Simulation.Cli;

/// <summary><c>mutants</c>: compiles the product with one named defect at a time, and asks the suites whether they notice.</summary>
internal static class MutantsCommand
{
    public static Command Create()
    {
        var only = new Option<string[]>("--only") { Description = "Only mutants whose name contains this; may be repeated." };
        var from = new Option<int>("--from") { Description = "Begins with this one, counted from 1.", DefaultValueFactory = _ => 1 };
        var list = new Option<bool>("--list") { Description = "Names them, and checks that each still fits the product's text." };
        var jobs = new Option<int>("--jobs") { Description = "How many are tried at a time.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var built = new Option<bool>("--no-build") { Description = "The suites have been built, in Release." };
        var trusting = new Option<bool>("--no-check") { Description = "Does not ask first whether the unharmed product passes." };
        var stride = new Option<int>("--every") { Description = "The sweep's stride.", DefaultValueFactory = _ => 797 };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds are run.", DefaultValueFactory = _ => 200 };
        var first = new Option<ulong>("--first-seed") { Description = "The first of them.", DefaultValueFactory = _ => 1 };
        var command = new Command("mutants", "Breaks the product on purpose, one named defect at a time: each must be caught.")
        {
            only, from, list, jobs, built, trusting, stride, seeds, first,
        };
        command.SetAction(parsed =>
        {
            var parts = parsed.GetValue(only) ?? [];
            var chosen = AllMutants.All.Skip(parsed.GetValue(from) - 1)
                .Where(m => parts.Length == 0 || parts.Any(p => m.Name.Contains(p, StringComparison.OrdinalIgnoreCase)))
                .ToList();
            if (parsed.GetValue(list))
            {
                return List(chosen);
            }

            var campaigns = new Campaigns(parsed.GetValue(stride), parsed.GetValue(seeds), parsed.GetValue(first));
            return (parsed.GetValue(built) || Build(chosen))
                ? Run(chosen, campaigns, parsed.GetValue(jobs), check: !parsed.GetValue(trusting))
                : 2;
        });
        return command;
    }

    private static int List(List<Mutant> mutants)
    {
        var wrong = 0;
        foreach (var mutant in mutants)
        {
            var problem = Checkout.Sabotage(mutant).Problem;
            wrong += problem is null ? 0 : 1;
            Console.Out.WriteLine($"{(problem is null ? "fits " : "STALE")}  {mutant.Name}{(problem is null ? "" : ": " + problem)}");
        }

        Console.Out.WriteLine($"{mutants.Count} mutants, {wrong} do not fit the product's text any more");
        return wrong == 0 ? 0 : 1;
    }

    /// <summary>The suites, but not this program: it is running, and whoever started it has just built it.</summary>
    private static bool Build(List<Mutant> mutants)
    {
        foreach (var project in mutants.SelectMany(m => m.Suites).Select(Bench.ProjectOf).Distinct().Where(p => p != "Simulation"))
        {
            var (code, output) = Shell.Run(
                "dotnet", ["build", $"tests/{project}", "-v", "quiet", "--nologo", .. Compiler.Quick], Checkout.Root, TimeSpan.FromMinutes(10));
            if (code != 0)
            {
                Console.Out.WriteLine($"{project} does not build unharmed:\n{output}");
                return false;
            }
        }

        return true;
    }

    private static int Run(List<Mutant> mutants, Campaigns campaigns, int jobs, bool check)
    {
        var unharmed = new Unharmed();
        var benches = Enumerable.Range(0, Math.Max(1, jobs)).Select(n => new Bench(n, campaigns)).ToList();
        if (check && !unharmed.Check(mutants, benches[0], Console.Out))
        {
            Console.Out.WriteLine("the unharmed product fails already, so no failure would say anything: choose another --first-seed or --every");
            return 2;
        }

        var compilers = mutants.Select(m => m.Project).Distinct().ToDictionary(p => p, Compiler.For);
        var queue = new ConcurrentQueue<Mutant>(mutants);
        var verdicts = new ConcurrentBag<Verdict>();
        var threads = benches.Select(bench => new Thread(() => Work(bench))).ToList(); // threads, as the pool has one worker here
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        int Of(Fate fate) => verdicts.Count(v => v.Fate == fate);
        Console.Out.WriteLine($"mutants: {Of(Fate.Caught)} of {mutants.Count} caught, {Of(Fate.Survived)} survived, {Of(Fate.Equivalent)} equivalent, {Of(Fate.Broken)} could not be tried");
        return Of(Fate.Survived) + Of(Fate.Broken) == 0 ? 0 : 1;

        void Work(Bench bench)
        {
            while (queue.TryDequeue(out var mutant))
            {
                var clock = Stopwatch.StartNew();
                var verdict = Trial.Of(mutant, compilers[mutant.Project], bench, unharmed);
                verdicts.Add(verdict);
                Console.Out.WriteLine($"{verdict.Fate,-10} {mutant.Name} — {verdict.By} ({clock.Elapsed.TotalSeconds:0} s)");
            }
        }
    }
}
