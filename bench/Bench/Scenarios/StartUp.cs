using System.Diagnostics;
using Bench.Measuring;
using Bench.Stage;

namespace Bench.Scenarios;

/// <summary>From exec to the first statement and to readiness, of the published program and of the least one built the same way.</summary>
internal static class StartUp
{
    public static async Task RunAsync(Programs programs, bool quick)
    {
        var database = await BenchDatabase.CreateAsync();
        await using var fly = await Daemon.StartFlyAsync();
        var folder = Directory.CreateTempSubdirectory("bench-start-").FullName;
        var environment = Daemon.Environment(fly, "", folder);
        var (ours, floor) = (new List<Start>(), new List<Start>());
        var rounds = quick ? 5 : 15;
        for (var i = -1; i < rounds; i++)
        {
            var a = await MeasureAsync(programs.Reconciler, environment, database);
            var b = await MeasureAsync(programs.Hello, environment, database);
            if (i >= 0)
            {
                ours.Add(a);
                floor.Add(b);
            }
        }

        Directory.Delete(folder, recursive: true);
        var report = new Report("Start-up of the published program beside an empty worker with Kestrel and Npgsql");
        Add(report, "exec → first SQL", " ms", 1.5, ours, floor, static s => s.FirstStatement);
        Add(report, "exec → /readyz 200", " ms", null, ours, floor, static s => s.Ready);
        Add(report, "resident memory when ready", " MB", 2, ours, floor, static s => s.Megabytes);
        var (size, floorSize) = (Megabytes(programs.Reconciler), Megabytes(programs.Hello));
        report.Row("size of the program", $"{size:0.0} MB", $"{floorSize:0.0} MB", $"{size / floorSize:0.00}x", "", null);
        report.Print();
    }

    private static async Task<Start> MeasureAsync(string program, Dictionary<string, string> environment, BenchDatabase database)
    {
        await using var relay = await Relay.StartAsync(database.Database.Cluster.Port);
        environment["DATABASE_URL"] = relay.Through(database.DaemonConnection);
        await using var daemon = Daemon.Start(program, environment);
        var ready = await daemon.ReadyAsync();
        var first = await relay.FirstStatement;
        var megabytes = daemon.ResidentMegabytes();
        await daemon.TerminateAsync();
        return new Start(Milliseconds(daemon.Started, first), Milliseconds(daemon.Started, ready), megabytes);
    }

    private static void Add(
        Report report, string what, string unit, double? goal, List<Start> ours, List<Start> floor, Func<Start, double> value) => report.Timed(
        what, Figures.Of(ours.Select(value)), Figures.Of(floor.Select(value)), Figures.Ratios(ours.Select(value), floor.Select(value)), goal, unit);

    private static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;

    private static double Megabytes(string path) => new FileInfo(path).Length / 1024.0 / 1024.0;

    private sealed record Start(double FirstStatement, double Ready, double Megabytes);
}
