using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Simulation.Loads;

namespace Simulation.Cli;

/// <summary><c>load</c>: nobody waits for those who cannot be helped, nor for the rest of the fleet.</summary>
internal static class LoadCommand
{
    private const int Poison = 12;
    private const int Good = 20;
    private const int Workers = 4;
    private const int Rollout = 500;
    private const int Idle = 20;
    private const double MostRatio = 1.5;

    private static readonly TimeSpan ServedWithin = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var command = new Command("load", "Measures how long users wait beside others who can never be helped, and during a rollout with an audit.");
        command.SetAction(_ => Run());
        return command;
    }

    private static int Run()
    {
        var clock = Stopwatch.StartNew();
        var failed = Compare(
            $"{Good} users sign up, {Workers} workers",
            LoadRun.Poison(0, Good, Workers, []),
            [
                ($"beside {Poison} who cannot be helped, of all kinds", LoadRun.Poison(Poison, Good, Workers, [.. LoadRun.Hopeless.Values])),
                .. LoadRun.Hopeless.Select(k => ($"beside {Poison} {k.Key}", LoadRun.Poison(Poison, Good, Workers, [k.Value]))),
            ],
            MostRatio);
        failed += Compare(
            $"5 users change, 5 sign up, in an idle fleet of {Rollout}",
            LoadRun.Rollout(Rollout, 5, 16),
            [("during a rollout to all and an audit of all", LoadRun.Rollout(Rollout, 5, 16, busy: true))],
            double.PositiveInfinity,
            othersWait: false);
        failed += Compare(
            $"5 users change, 5 sign up, in an idle fleet of {Idle}",
            LoadRun.Rollout(Idle, 5, 16),
            [("while no notification of the database arrives", LoadRun.Rollout(Idle, 5, 16, mute: true))],
            double.PositiveInfinity,
            othersWait: false);
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"load: {(failed == 0 ? "nobody starves" : $"{failed} claims FAILED")}, {clock.Elapsed.TotalSeconds:0.0} s, {Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds:0.0} s CPU"));
        return failed == 0 ? 0 : 1;
    }

    private static int Compare(
        string what, LoadResult quiet, IReadOnlyList<(string Name, LoadResult Result)> loads, double mostRatio, bool othersWait = true)
    {
        Console.Out.WriteLine($"{what,-56} {Figures(quiet)}");
        var failed = Violations(quiet);
        foreach (var (name, loaded) in loads)
        {
            var ratio = loaded.Longest / quiet.Longest;
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-54} {Figures(loaded)}, {ratio:0.00} times as long"));
            failed += Violations(loaded);
            failed += Claim(ratio <= mostRatio, $"more than {mostRatio} times as long");
            failed += Claim(loaded.Longest <= ServedWithin, $"longer than {ServedWithin}");
            failed += Claim(loaded.Unserved > 0 || !othersWait, "the load was over before the last was served, so nothing was measured");
        }

        return failed;
    }

    private static string Figures(LoadResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"median {result.Median.TotalSeconds,4:0} s, longest {result.Longest.TotalSeconds,4:0} s, {result.Unserved,3} others not as wished");

    private static int Violations(LoadResult result)
    {
        foreach (var violation in result.Violations)
        {
            Console.Out.WriteLine("        FAILED " + violation);
        }

        return result.Violations.Count;
    }

    private static int Claim(bool holds, string otherwise)
    {
        if (!holds)
        {
            Console.Out.WriteLine("        FAILED " + otherwise);
        }

        return holds ? 0 : 1;
    }
}
