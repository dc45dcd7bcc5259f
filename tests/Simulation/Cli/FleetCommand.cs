using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Simulation.Fleets;

namespace Simulation.Cli;

/// <summary><c>fleet</c>: a whole fleet and one wrong input after the other. Nothing may be lost by any of them.</summary>
internal static class FleetCommand
{
    public static Command Create()
    {
        var users = new Option<int>("--users") { DefaultValueFactory = _ => 10_000 };
        var variants = new Option<int>("--variants") { Description = $"The first so many of {Variants.All.Count}.", DefaultValueFactory = _ => Variants.All.Count };
        var processes = new Option<int>("--processes") { Description = "Each has a fleet of its own.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var part = new Option<int?>("--part") { Description = "Runs only this process's share.", Hidden = true };
        var command = new Command("fleet", "Converges a fleet and gives it one wrong input after the other: nothing is destroyed, it is told, and all recovers.") { users, variants, processes, part };
        command.SetAction(parsed => Run(parsed.GetValue(users), parsed.GetValue(variants), parsed.GetValue(processes), parsed.GetValue(part)));
        return command;
    }

    private static int Run(int users, int count, int processes, int? part)
    {
        var clock = Stopwatch.StartNew();
        var chosen = Variants.All.Take(count).ToList();
        if (part is null)
        {
            Console.Out.WriteLine($"{"variant",-84} {"alarm",6} {"held",6} {"calls",6} {"changes",7} {"gone",5} {"stopped",7} {"anew",5} {"recovered",9}");
        }

        var code = part is null && processes > 1 ? Spread(users, count, processes) : RunShare(users, chosen, processes, part);
        if (part is null)
        {
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"fleet: {chosen.Count} variants on {users:N0} users in {clock.Elapsed.TotalSeconds:0.0} s: {(code == 0 ? "nothing was lost" : "FAILED")}"));
        }

        return code;
    }

    private static int RunShare(int users, List<Variant> chosen, int processes, int? part)
    {
        var failed = 0;

        // Neighbours share a world, and a world costs a fleet to converge: each process takes one stretch of them.
        var mine = chosen.OrderByDescending(v => v.LeaseOff).Where((_, n) => part is not { } p || n * processes / chosen.Count == p);
        foreach (var world in mine.GroupBy(v => v.LeaseOff))
        {
            var outside = new FleetRun(users, r => failed += Tell(r)).Run([.. Variants.InOrder(world)], world.Key);
            failed += outside.Count;
            foreach (var problem in outside)
            {
                Console.Out.WriteLine("        " + problem);
            }
        }

        var cpu = Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds;
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cpu:0.0} s CPU, {GC.GetTotalAllocatedBytes() / 1e9:0.0} GB allocated"));
        return failed == 0 ? 0 : 1;
    }

    private static int Tell(VariantResult result)
    {
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Variant.Name,-84} {Time(result.Alarm),6} {result.Held,6} {result.CallsPerUserMinute,6:0.00} {result.Mutations,7} {result.Destroyed,5} {result.Stopped,7} {result.MadeAnew,5} {Time(result.Recovered),9}"));
        foreach (var problem in result.Problems)
        {
            Console.Out.WriteLine("        FAILED " + problem);
        }

        return result.Problems.Count;
    }

    private static string Time(TimeSpan? time) => time is { } t ? t.ToString(@"m\:ss", CultureInfo.InvariantCulture) : "-";

    private static int Spread(int users, int count, int processes)
    {
        var children = Enumerable.Range(0, processes).Select(n => Process.Start(Self.With(
        [
            "fleet", "--users", Text(users), "--variants", Text(count), "--processes", Text(processes), "--part", Text(n),
        ]))!).ToList();
        children.ForEach(c => c.WaitForExit());
        return children.Max(c => c.ExitCode);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
