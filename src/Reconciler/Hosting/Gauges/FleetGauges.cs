using System.Diagnostics.Metrics;
using Reconciler.Reconciling;
using Reconciler.Telemetry;

namespace Reconciler.Hosting.Gauges;

/// <summary>The users. Only the leader tells, so that a sum over replicas is right.</summary>
internal static class FleetGauges
{
    public static void Register(Core core, FleetStatisticsWatch statistics)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge("reconciler_users", "Users by status and by the class of their Ready condition's reason.", () => States(statistics));
        telemetry.Gauge("reconciler_wished_users", "Users by what they should have.", () => Wishes(core));
        telemetry.Gauge("reconciler_drifted_users", "Users for whom a field differs, by field.", () => Drifts(core));
        telemetry.Gauge("reconciler_unconverged_users", "Users that are not as wished, paused ones left out.", () => Leading(core, () => core.Ledger.Unconverged().Count));
        telemetry.Gauge(
            "reconciler_oldest_unconverged_seconds",
            "Since when the longest waiting one is not.",
            () => Leading(core, () => core.Ledger.Unconverged().Oldest.TotalSeconds));
        telemetry.Gauge(
            "reconciler_estimated_monthly_cost_dollars",
            "Sum of the estimates in the rows, US dollars.",
            () => statistics.Last is { } last ? [new((double)last.MonthlyCostUsd)] : []);
    }

    private static IEnumerable<Measurement<double>> Leading(Core core, Func<double> read) =>
        LeaderGauges.Leads(core) ? [new(read())] : [];

    private static IEnumerable<Measurement<double>> States(FleetStatisticsWatch statistics) =>
        (statistics.Last?.States ?? [])
            .GroupBy(static s => (s.Status, Class: ReasonClass.Of(s.Reason)))
            .Select(static g => new Measurement<double>(g.Sum(static s => s.Users), new("status", g.Key.Status), new("reason", g.Key.Class)));

    private static IEnumerable<Measurement<double>> Wishes(Core core) =>
        LeaderGauges.Leads(core) && core.Pass.Last is { } count
            ? [Wish("run", count.Run), Wish("deprovision", Math.Max(0, count.Live - count.Run)), Wish("none", Math.Max(0, count.Rows - count.Live))]
            : [];

    private static Measurement<double> Wish(string wish, int users) => new(users, new KeyValuePair<string, object?>("wish", wish));

    private static IEnumerable<Measurement<double>> Drifts(Core core)
    {
        if (!LeaderGauges.Leads(core))
        {
            yield break;
        }

        var counts = core.Ledger.DriftCounts();
        foreach (var kind in DriftKind.All)
        {
            yield return new(counts.GetValueOrDefault(kind), new KeyValuePair<string, object?>("kind", kind));
        }
    }
}
