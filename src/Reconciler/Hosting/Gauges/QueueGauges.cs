using System.Diagnostics.Metrics;
using Reconciler.Queueing;
using Reconciler.Telemetry;

namespace Reconciler.Hosting.Gauges;

/// <summary>The work queue and the workers, under the names of client-go and controller-runtime.</summary>
internal static class QueueGauges
{
    public static void Register(Core core, ControllerTerm term)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge("workqueue_depth", "Ready keys by priority.", () => Depth(term));
        telemetry.QueueCounter("workqueue_adds", "Keys asked for, those merged into a waiting one included.", () => term.QueueTotals().Adds);
        telemetry.QueueCounter("workqueue_retries", "Keys put back after a failure.", () => term.QueueTotals().Retries);
        telemetry.QueueGauge("workqueue_delayed", "Keys waiting for their time.", () => Statistics(term)?.Delayed ?? 0);
        telemetry.QueueGauge(
            "workqueue_unfinished_work_seconds", "Sum of the ages of running reconciles.", () => Statistics(term)?.UnfinishedWork.TotalSeconds ?? 0);
        telemetry.QueueGauge(
            "workqueue_longest_running_processor_seconds", "Age of the oldest running reconcile.", () => Statistics(term)?.LongestRunning.TotalSeconds ?? 0);
        telemetry.QueueGauge(
            "reconciler_oldest_ready_seconds", "How long the longest waiting ready key has been due.", () => Statistics(term)?.OldestReady.TotalSeconds ?? 0);
        telemetry.Gauge("reconciler_stuck_keys", "Reconciles that have run for more than five minutes.", () => Statistics(term)?.Stuck ?? 0);
        telemetry.ControllerGauge("controller_runtime_max_concurrent_reconciles", "Workers.", () => core.Settings.Loops.Workers);
    }

    private static QueueStatistics? Statistics(ControllerTerm term)
    {
        try
        {
            return term.Queue?.Statistics();
        }
        catch (ObjectDisposedException)
        {
            return null; // the term ended between the two looks
        }
    }

    private static IEnumerable<Measurement<double>> Depth(ControllerTerm term)
    {
        var statistics = Statistics(term);
        foreach (var priority in Enum.GetValues<Priority>())
        {
            yield return new(
                statistics?.Ready(priority) ?? 0,
                new("name", ReconcilerTelemetry.ControllerName),
                new("controller", ReconcilerTelemetry.ControllerName),
                new KeyValuePair<string, object?>("priority", priority.ToString()));
        }
    }
}
