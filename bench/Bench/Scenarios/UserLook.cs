using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>The reads that begin every reconcile, with prepared statements and, as through a transaction pooler, without.</summary>
internal static class UserLook
{
    private const int Looks = 1_000;

    public static async Task RunAsync(Programs programs, bool quick)
    {
        const int Users = 10_000;
        var database = await BenchDatabase.CreateAsync();
        await database.PlantAsync(Users, Fleet.Pages(Users));
        var report = new Report($"Look at a user's row, {Looks:N0} of {Users:N0} users one after the other");
        await using var floor = await Child.StartAsync(programs.Probe, "look", "floor", database.OwnerConnection, $"{Looks}");
        foreach (var (how, settings) in new[] { ("prepared", ""), ("not prepared", ";Max Auto Prepare=0") })
        {
            await using var ours = await Child.StartAsync(programs.Probe, "look", "ours", database.DaemonConnection + settings, $"{Looks}");
            var turns = await Turns.TakeAsync(ours, floor, warmUp: 2, rounds: quick ? 5 : 15);
            turns.Wall(report, $"{how}, wall", goal: null);
            turns.Cpu(report, $"{how}, CPU of the client", goal: null);
            report.Exact("users found", turns.Ours.Min(static r => r.Found), Looks);
        }

        report.Print();
    }
}
