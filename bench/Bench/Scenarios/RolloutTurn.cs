using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>One turn of a rollout that is under way, half of whose users are on their way: the leader takes one every two seconds.</summary>
internal static class RolloutTurn
{
    public static async Task RunAsync(Programs programs, bool quick)
    {
        var database = await BenchDatabase.CreateAsync();
        foreach (var users in new[] { 1_000, 10_000 })
        {
            await MeasureAsync(programs, database, users, quick);
        }
    }

    private static async Task MeasureAsync(Programs programs, BenchDatabase database, int users, bool quick)
    {
        await database.PlantAsync(users, Fleet.Pages(users));
        var report = new Report($"Turn of a rollout, {users:N0} users");
        await using var ours = await Child.StartAsync(programs.Probe, "rollout", "ours", database.DaemonConnection);
        await using var floor = await Child.StartAsync(programs.Probe, "rollout", "floor", database.OwnerConnection);
        var turns = await Turns.TakeAsync(ours, floor, warmUp: 3, rounds: quick ? 5 : 20);
        turns.Wall(report, "wall", goal: null);
        turns.Cpu(report, "CPU", goal: null);
        turns.AllocatedEach(report, "allocated a user", users, goal: null);
        report.Exact("users on their way", turns.Ours.Min(static r => r.Found), users / 2);
        report.Print();
    }
}
