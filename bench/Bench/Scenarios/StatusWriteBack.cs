using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>The statuses of 10,000 users in one call: all of them changed, and none.</summary>
internal static class StatusWriteBack
{
    private const int Rows = 10_000;

    public static async Task RunAsync(Programs programs, bool quick)
    {
        var database = await BenchDatabase.CreateAsync();
        await database.PlantAsync(Rows, Fleet.Pages(Rows));
        var report = new Report($"Status write-back, {Rows:N0} rows");

        await using (var ours = await Child.StartAsync(programs.Probe, "status", "ours", database.DaemonConnection, $"{Rows}"))
        await using (var floor = await Child.StartAsync(programs.Probe, "status", "floor", database.OwnerConnection, $"{Rows}"))
        {
            // Each round leaves 10,000 dead rows behind; without a vacuum later rounds would pay for earlier ones.
            var turns = await Turns.TakeAsync(ours, floor, warmUp: 2, rounds: quick ? 5 : 15, database.VacuumAsync);
            turns.Wall(report, "all changed, wall", goal: 1.5);
            turns.Cpu(report, "all changed, CPU of the client", goal: null);
            turns.AllocatedEach(report, "allocated a row", Rows, goal: null);
            report.Exact("rows written when all changed", turns.Ours.Min(static r => r.Found), Rows);
        }

        await using var unchanged = await Child.StartAsync(programs.Probe, "status", "unchanged", database.DaemonConnection, $"{Rows}");
        await unchanged.RoundAsync();
        var before = await database.NextTransactionAsync();
        var rounds = new List<Round>();
        for (var i = 0; i < 5; i++)
        {
            rounds.Add(await unchanged.RoundAsync());
        }

        report.Row("nothing changed, wall", Figures.Of(rounds.Select(static r => r.Wall)).Text(" ms"), "", "", "", null);
        report.Exact("rows written when nothing changed", await database.RowsWrittenSinceAsync(before), 0);
        report.Print();
    }
}
