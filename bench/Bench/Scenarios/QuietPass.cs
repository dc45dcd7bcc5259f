using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>A pass over users of whom nobody differs: list all machines over HTTP, read all summaries, compare.</summary>
internal static class QuietPass
{
    public static async Task RunAsync(Programs programs, bool quick)
    {
        var database = await BenchDatabase.CreateAsync();
        await using var fly = await CannedFly.StartAsync();
        foreach (var users in quick ? new[] { 1_000, 10_000 } : [1_000, 10_000, 100_000])
        {
            await MeasureAsync(programs, database, fly, users, quick);
        }
    }

    private static async Task MeasureAsync(Programs programs, BenchDatabase database, CannedFly fly, int users, bool quick)
    {
        var pages = Fleet.Pages(users);
        fly.Serve(pages);
        await database.PlantAsync(users, pages);
        var report = new Report($"Quiet pass, {users:N0} users");
        await CountAsync(programs, database, fly, users, report);

        await using var ours = await StartAsync(programs, "ours", fly, database);
        await using var floor = await StartAsync(programs, "floor", fly, database);
        var rounds = quick ? 5 : users >= 100_000 ? 9 : 20;
        var turns = await Turns.TakeAsync(ours, floor, warmUp: 5, rounds);
        Check(turns);
        turns.Wall(report, "wall", goal: null);
        turns.Cpu(report, "CPU", goal: users >= 10_000 ? 1.5 : null);
        turns.AllocatedEach(report, "allocated a user", users, goal: 2);
        var (peak, floorPeak) = (await ours.EndAsync(), await floor.EndAsync());
        report.Row(
            "peak resident memory", $"{peak:0} MB", $"{floorPeak:0} MB", $"{peak / floorPeak:0.00}x", users >= 100_000 ? "≤ 2x" : "",
            users >= 100_000 ? peak <= 2 * floorPeak : null);
        if (users >= 100_000)
        {
            await LimitedAsync(programs, database, fly, report);
        }

        report.Print();
    }

    /// <summary>One process, two passes: what the second does beyond its connection set-up, counted by the other side.</summary>
    private static async Task CountAsync(Programs programs, BenchDatabase database, CannedFly fly, int users, Report report)
    {
        await using var relay = await Relay.StartAsync(database.Database.Cluster.Port);
        await using var child = await Child.StartAsync(
            programs.Probe, "pass", "ours", fly.Address.ToString(), relay.Through(database.DaemonConnection));
        var first = await child.RoundAsync();
        var (calls, statements, transaction) = (fly.Calls, relay.Selects, await database.NextTransactionAsync());
        await child.RoundAsync();
        report.Exact("users that differ", first.Found, 0);
        report.Exact("HTTP calls", fly.Calls - calls, Math.Ceiling(users / 1000.0));
        report.Exact("SELECTs", relay.Selects - statements, 1);
        report.Exact("transactions that wrote", await database.NextTransactionAsync() - transaction, 0);
    }

    private static async Task LimitedAsync(Programs programs, BenchDatabase database, CannedFly fly, Report report)
    {
        await using var child = await Child.StartAsync(
            programs.Probe, [("DOTNET_GCHeapHardLimit", "0x10000000")], ["pass", "ours", fly.Address.ToString(), database.DaemonConnection]);
        for (var i = 0; i < 5; i++)
        {
            await child.RoundAsync();
        }

        report.Row("five passes under a heap limit of 256 MB", $"pass, peak {await child.EndAsync():0} MB", "", "", "pass", true);
    }

    private static Task<Child> StartAsync(Programs programs, string side, CannedFly fly, BenchDatabase database) =>
        Child.StartAsync(programs.Probe, "pass", side, fly.Address.ToString(), database.DaemonConnection);

    private static void Check(Turns turns)
    {
        if (turns.Ours.Concat(turns.Floor).FirstOrDefault(static r => r.Found != 0) is { } wrong)
        {
            throw new InvalidOperationException($"a quiet pass found {wrong.Found} differences");
        }
    }
}
