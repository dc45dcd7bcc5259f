using System.Diagnostics.Metrics;
using Reconciler.Telemetry;

namespace Reconciler.Hosting.Gauges;

/// <summary>Who leads, and whether the loops of this process turn.</summary>
internal static class LeaderGauges
{
    public static void Register(Core core, ControllerTerm term)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge(
            "leader_election_master_status",
            "1 on the leader.",
            () => [new(Leads(core) ? 1 : 0, new KeyValuePair<string, object?>("name", ReconcilerTelemetry.ControllerName))]);
        telemetry.Gauge("reconciler_lease_epoch", "The epoch we lead with; 0 on a standby.", () => core.Elector.Current?.Token.Epoch ?? 0);
        telemetry.Gauge(
            "reconciler_lease_remaining_seconds",
            "What is left of our lease, counted from before its last renewal; 0 on a standby.",
            () => core.Elector.Current is { } leadership ? Math.Max(0, leadership.Remaining.TotalSeconds) : 0);
        telemetry.Gauge(
            "reconciler_leader_info",
            "Always 1; who leads, as this process last heard.",
            () => core.Elector.Leader is { } holder ? [new(1, new KeyValuePair<string, object?>("holder", holder))] : []);
        telemetry.Gauge("reconciler_loop_age_seconds", "Since when a loop has not come round; a loop that does not run here has none.", () => Ages(core, term));
    }

    public static bool Leads(Core core) => core.Elector.Current is { CanAct: true };

    private static IEnumerable<Measurement<double>> Ages(Core core, ControllerTerm term)
    {
        var now = core.Ports.Time.GetUtcNow();
        (string Loop, DateTimeOffset At)[] loops =
        [
            ("informer", core.Informer.LastTurn),
            ("lease", core.Elector.LastTurn),
            ("policy", core.Policies.LastTurn),
            ("pending", Leads(core) ? term.LastFed : default),
        ];
        foreach (var (loop, at) in loops)
        {
            if (at != default)
            {
                yield return new((now - at).TotalSeconds, new KeyValuePair<string, object?>("loop", loop));
            }
        }
    }
}
