using Bench.Measuring;
using Bench.Stage;
using FlySim;
using Npgsql;

namespace Bench.Scenarios;

/// <summary>
/// From sending the UPDATE that upgrades a user to the daemon's first request for that user at Fly, in turn with the floor: from
/// sending an UPDATE whose trigger notifies to a bare listener's request at a server.
/// </summary>
internal static class CommitToRequest
{
    public static async Task RunAsync(Programs programs, bool quick)
    {
        var tries = quick ? 60 : 300;
        var database = await BenchDatabase.CreateAsync();
        await using var fly = await Daemon.StartFlyAsync();
        var folder = Directory.CreateTempSubdirectory("bench-latency-").FullName;
        await using var daemon = Daemon.Start(programs.Reconciler, Daemon.Environment(fly, database.DaemonConnection, folder), "run");
        await daemon.ReadyAsync();
        await WaitForLeaderAsync(database);
        await using var floor = await NotifyFloor.StartAsync(database);

        var (ours, acknowledged, woken, requested) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = -10; i < tries; i++)
        {
            var user = await database.Database.Data.CreateUserAsync();
            var (fromSent, fromCommitted) = await UpgradeAsync(database, fly, user);
            var (wake, request) = await floor.TryAsync();
            if (i >= 0)
            {
                ours.Add(fromSent);
                acknowledged.Add(fromCommitted);
                woken.Add(wake);
                requested.Add(request);
            }
        }

        await daemon.TerminateAsync();
        Directory.Delete(folder, recursive: true);
        var report = new Report($"Commit → first request at Fly, {tries} tries in turn");
        foreach (var (name, quantile) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            var (us, bare) = (Figures.QuantileOf(ours, quantile), Figures.QuantileOf(requested, quantile));
            report.Row(
                $"UPDATE sent → request at the server, {name}", $"{us:0.00} ms", $"{bare:0.00} ms", $"{us / bare:0.0}x", "≤ 2x", us <= 2 * bare);
            report.Row($"UPDATE sent → bare WaitAsync wakes, {name}", "", $"{Figures.QuantileOf(woken, quantile):0.00} ms", "", "", null);
            report.Row($"commit acknowledged → request at the server, {name}", $"{Figures.QuantileOf(acknowledged, quantile):0.00} ms", "", "", "", null);
        }

        report.Print();
    }

    /// <summary>The daemon and this process share the machine's clock; FlySim notes each request's arrival by it.</summary>
    private static async Task<(double FromSent, double FromCommitted)> UpgradeAsync(BenchDatabase database, FlySimServer fly, Guid user)
    {
        await fly.Client.ClearCallsAsync();
        await using var connection = await database.Database.OpenAsync();
        await using var command = new NpgsqlCommand("update public.user_subscriptions set tier = 'pro' where user_id = $1", connection)
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = user } },
        };
        var sent = DateTimeOffset.UtcNow;
        await command.ExecuteNonQueryAsync();
        var committed = DateTimeOffset.UtcNow;
        var deadline = committed.AddSeconds(30);
        while (DateTimeOffset.UtcNow < deadline)
        {
            // Long enough for the rest of the reconcile too, which is not to disturb the next try.
            await Task.Delay(50);
            var calls = await fly.Client.CallsAsync();
            if (calls.FirstOrDefault(static c => c.Operation == "apps.create") is { } first
                && calls.Any(static c => c.Operation is "machines.start" or "machines.wait" or "program.health"))
            {
                return ((first.Time - sent).TotalMilliseconds, (first.Time - committed).TotalMilliseconds);
            }
        }

        throw new InvalidOperationException("the daemon did not act on an upgrade within 30 s");
    }

    private static async Task WaitForLeaderAsync(BenchDatabase database)
    {
        while (await database.Database.ScalarAsync<long>("select count(*) from fly_reconciler.row_defaults") == 0)
        {
            await Task.Delay(20);
        }
    }
}
