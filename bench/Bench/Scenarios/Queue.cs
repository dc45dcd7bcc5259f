using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>The work queue beside a channel with a dictionary: add every key, then take and finish each.</summary>
internal static class Queue
{
    public static async Task RunAsync(Programs programs, bool quick)
    {
        const int Keys = 200_000;
        await using var ours = await Child.StartAsync(programs.Probe, "queue", "ours", $"{Keys}");
        await using var floor = await Child.StartAsync(programs.Probe, "queue", "floor", $"{Keys}");
        var turns = await Turns.TakeAsync(ours, floor, warmUp: 2, rounds: quick ? 5 : 15);
        var report = new Report($"Work queue, {Keys:N0} keys added, taken and finished");
        turns.Wall(report, "wall", goal: null);
        turns.Cpu(report, "CPU", goal: 2); // one thread that never waits: its CPU is its time, without what other programs took
        turns.AllocatedEach(report, "allocated a key", Keys, goal: null);
        report.Exact("keys handled", turns.Ours.Min(static r => r.Found), Keys);
        report.Print();
    }
}
