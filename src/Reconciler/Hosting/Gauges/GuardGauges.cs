using System.Diagnostics.Metrics;

namespace Reconciler.Hosting.Gauges;

/// <summary>What holds the controller back.</summary>
internal static class GuardGauges
{
    public static void Register(Core core)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge(
            "reconciler_hold", "1 while the tripwire holds every stop and destruction of users without a tier.", () => core.Holds.Hold is null ? 0 : 1);
        telemetry.Gauge("reconciler_destroy_budget_left", "Destructions that this hour still has; only on the leader.", () => Budget(core, static b => b.Left));
        telemetry.Gauge("reconciler_destroy_budget_limit", "Destructions allowed per hour; only on the leader.", () => Budget(core, static b => b.Limit));
        telemetry.Gauge("reconciler_image_resolved", "1 while the configured image is resolved.", () => core.Images.Fleet.Resolved ? 1 : 0);
        telemetry.Gauge("reconciler_service_key_good", "1 while the service key may be rolled out.", () => core.Secrets.Status.Usable ? 1 : 0);
    }

    private static IEnumerable<Measurement<double>> Budget(Core core, Func<(int Left, int Limit), int> read) =>
        LeaderGauges.Leads(core) && core.DestroyBudget is { } budget ? [new(read(budget))] : [];
}
