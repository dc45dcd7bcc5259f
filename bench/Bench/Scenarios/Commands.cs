using Bench.Measuring;
using Bench.Stage;
using FlySim;

namespace Bench.Scenarios;

/// <summary>
/// Every command of the published program, once, against real PostgreSQL and the simulator: what a compiler can drop, only
/// running it shows.
/// </summary>
internal static class Commands
{
    public static async Task RunAsync(Programs programs)
    {
        var database = await BenchDatabase.CreateAsync(migrated: false);
        await using var fly = await Daemon.StartFlyAsync(SimSettings.Instant with { RateLimits = false, BootMs = 50, CheckMs = 20 });
        var folder = Directory.CreateTempSubdirectory("bench-commands-").FullName;
        var environment = Daemon.Environment(fly, database.OwnerConnection, folder);
        environment["Reconciler__InformerInterval"] = "00:00:00.3";
        var report = new Report("Every command of the published program");

        async Task RunAsync(int expected, string marker, params string[] arguments)
        {
            await using var program = Daemon.Start(programs.Reconciler, environment, arguments);
            Note(report, string.Join(' ', arguments), await program.ExitAsync(), expected, marker);
        }

        await RunAsync(0, "reconciler", "--help");
        await RunAsync(2, "Unrecognized", "nonsense");
        await RunAsync(2, "migrat", "status");
        await RunAsync(0, "create table", "migrate", "--print");
        await RunAsync(0, "0001", "migrate");
        await RunAsync(0, "Nothing to do", "migrate");
        await BenchDatabase.MakeLoginAsync();
        environment["DATABASE_URL"] = database.DaemonConnection;
        await RunAsync(0, "", "doctor");
        await RunAsync(0, "{", "doctor", "--json");
        await RunAsync(0, "0 of 0", "once", "--timeout", "00:00:30");
        var first = await database.Database.Data.CreateUserAsync("pro");
        await RunAsync(1, "create", "plan");
        await RunAsync(1, "\"", "plan", "--json", "--user", first.ToString());
        await RunAsync(1, "1 provisioning", "status");
        await RunAsync(1, first.ToString(), "status", "--json");
        await RunAsync(0, "1 of 1", "once", "--timeout", "00:01:00");
        await RunAsync(0, "as desired", "status");
        await RunAsync(0, "\"users\"", "status", "--json");
        await RunAsync(0, "", "plan");
        await RunAsync(0, "", "release-hold", "--owner", "bench", "--reason", "to see it run");

        await using var collector = await CannedFly.StartAsync();
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString();
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        await using (var daemon = Daemon.Start(programs.Reconciler, environment, "run"))
        {
            await daemon.ReadyAsync();
            var second = await database.Database.Data.CreateUserAsync("elite");
            await ConvergedAsync(database, second);
            await RunAsync(0, "", "force", second.ToString(), "--wait", "--timeout", "00:00:30");
            await RunAsync(0, "", "once", "--help");
            await RunAsync(3, "leads", "once");
            var metrics = await daemon.GetAsync("/metrics");
            Note(report, "GET /metrics", (metrics.Contains("controller_runtime_reconcile_total", StringComparison.Ordinal) ? 0 : 1, metrics), 0, "fly_api_requests");
            Note(report, "GET /healthz", (0, await daemon.GetAsync("/healthz")), 0, "ok");
            Note(report, "run, upgraded user converges, SIGTERM", await daemon.TerminateAsync(), 0, "Lease released");
            Note(report, "OTLP export", (0, string.Join(' ', collector.Posted.Keys.Order(StringComparer.Ordinal))), 0, "/v1/metrics /v1/traces");
        }

        Directory.Delete(folder, recursive: true);
        report.Print();
    }

    private static async Task ConvergedAsync(BenchDatabase database, Guid user)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await database.Database.ScalarAsync<long>("select fingerprint from public.user_fly_apps where user_id = $1", user) != 0)
            {
                return;
            }

            await Task.Delay(50);
        }

        throw new InvalidOperationException("the daemon did not converge an upgraded user within 30 s");
    }

    private static void Note(Report report, string what, (int Exit, string Output) outcome, int expected, string marker)
    {
        var good = outcome.Exit == expected && outcome.Output.Contains(marker, StringComparison.OrdinalIgnoreCase);
        report.Row(what, $"exit {outcome.Exit}", "", "", $"exit {expected}", good);
        if (!good)
        {
            Console.Error.WriteLine($"--- {what}: expected exit {expected} and '{marker}'\n{outcome.Output}");
        }
    }
}
