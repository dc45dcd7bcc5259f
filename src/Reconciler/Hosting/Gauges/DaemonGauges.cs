using Reconciler.Telemetry;

namespace Reconciler.Hosting.Gauges;

/// <summary>Everything that is read when scraped, once the daemon has its parts. Labels are closed sets; nothing here asks anybody.</summary>
internal static class DaemonGauges
{
    /// <summary>Which program answers, from before the database is reached: its absence means that nothing runs.</summary>
    public static void RegisterInfo(ReconcilerTelemetry telemetry, string mode)
    {
        var version = typeof(DaemonGauges).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
        telemetry.Gauge("reconciler_info", "Always 1; what runs.", () => [new(1, new("version", version), new KeyValuePair<string, object?>("mode", mode))]);
    }

    public static void Register(Core core, ControllerTerm term, FleetStatisticsWatch statistics)
    {
        QueueGauges.Register(core, term);
        LeaderGauges.Register(core, term);
        ViewGauges.Register(core);
        GuardGauges.Register(core);
        FleetGauges.Register(core, statistics);
        RolloutGauges.Register(core, statistics);
        RolloutGauges.RegisterProgress(core);
    }
}
