using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Reconciler.Telemetry;

/// <summary>
/// The controller's own instruments. Names and labels follow controller-runtime where it has them, so that existing boards
/// work; tags hold closed sets of values, never a user, app or machine.
/// </summary>
internal sealed class ReconcilerTelemetry : IDisposable
{
    public const string Name = "Reconciler";

    private static readonly KeyValuePair<string, object?> Controller = new("controller", "user-fly-app");
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
    };

    private readonly Meter _meter = new(Name);
    private readonly ActivitySource _activities = new(Name);
    private readonly Counter<long> _reconciles;
    private readonly Counter<long> _reconcileErrors;
    private readonly Counter<long> _panics;
    private readonly Histogram<double> _reconcileTime;
    private readonly Histogram<double> _convergence;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _guards;
    private readonly Counter<long> _adds;
    private readonly Histogram<double> _queueTime;
    private readonly Counter<long> _retries;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _rejectedWrites;
    private readonly Counter<long> _rolloutEvents;
    private readonly Counter<long> _rolloutVerdicts;

    public ReconcilerTelemetry()
    {
        _reconciles = _meter.CreateCounter<long>("controller_runtime_reconcile", null, "Reconciles by result.");
        _reconcileErrors = _meter.CreateCounter<long>("controller_runtime_reconcile_errors", null, "Reconciles that failed.");
        _panics = _meter.CreateCounter<long>("controller_runtime_reconcile_panics", null, "Reconciles that threw what no rule expects.");
        _reconcileTime = _meter.CreateHistogram("controller_runtime_reconcile_time", "s", "From hand-out to report.", advice: Seconds);
        _active = _meter.CreateUpDownCounter<long>("controller_runtime_active_workers", null, "Workers busy with a user.");
        _adds = _meter.CreateCounter<long>("workqueue_adds", null, "Keys added to the queue.");
        _queueTime = _meter.CreateHistogram("workqueue_queue_duration", "s", "How long a ready key waited for a worker.", advice: Seconds);
        _retries = _meter.CreateCounter<long>("workqueue_retries", null, "Keys put back after a failure.");
        _convergence = _meter.CreateHistogram("reconciler_convergence", "s", "From a change of the wish to Ready.", advice: Seconds);
        _steps = _meter.CreateCounter<long>("reconciler_steps", null, "Steps tried, by kind, reason and outcome.");
        _errors = _meter.CreateCounter<long>("reconciler_errors", null, "Failed reconciles by class.");
        _guards = _meter.CreateCounter<long>("reconciler_guard_refusals", null, "Steps that a safety guard refused.");
        _rejectedWrites = _meter.CreateCounter<long>("reconciler_fenced_writes", null, "Writes the database rejected because another process leads.");
        _rolloutEvents = _meter.CreateCounter<long>("reconciler_rollout_events", null, "Steps of rollouts, by action.");
        _rolloutVerdicts = _meter.CreateCounter<long>("reconciler_rollout_verdicts", null, "Judgements on users of a rollout, by class.");
        foreach (var result in new[] { "success", "error", "requeue", "requeue_after" })
        {
            _reconciles.Add(0, Controller, new("result", result));
        }
    }

    public Activity? StartReconcile() => _activities.StartActivity("reconcile");

    public Activity? StartPhase(string name) => _activities.StartActivity(name);

    public Activity? StartStep(string kind, string reason)
    {
        var activity = _activities.StartActivity("apply " + kind);
        activity?.SetTag("reconciler.reason", reason);
        return activity;
    }

    public void WorkerBusy(int change) => _active.Add(change, Controller);

    /// <param name="result"><c>success</c>, <c>error</c>, <c>requeue</c> or <c>requeue_after</c>.</param>
    /// <param name="elapsed">From hand-out to report.</param>
    public void Reconciled(string result, TimeSpan elapsed)
    {
        _reconciles.Add(1, Controller, new("result", result));
        _reconcileTime.Record(elapsed.TotalSeconds, Controller);
        if (result == "error")
        {
            _reconcileErrors.Add(1, Controller);
        }
    }

    public void Panicked() => _panics.Add(1, Controller);

    public void Converged(string tier, TimeSpan sinceWish) => _convergence.Record(sinceWish.TotalSeconds, new KeyValuePair<string, object?>("tier", tier));

    public void StepTried(string kind, string reason, string outcome) =>
        _steps.Add(1, new TagList { { "action", kind }, { "reason", reason }, { "outcome", outcome } });

    public void Errored(string errorClass) => _errors.Add(1, new KeyValuePair<string, object?>("class", errorClass));

    public void GuardRefused(string guard) => _guards.Add(1, new KeyValuePair<string, object?>("guard", guard));

    public void Added() => _adds.Add(1, Controller, new("name", "user-fly-app"));

    public void Taken(TimeSpan waited) => _queueTime.Record(waited.TotalSeconds, Controller, new("name", "user-fly-app"));

    public void Retried() => _retries.Add(1, Controller, new("name", "user-fly-app"));

    /// <param name="action">From the history: a closed set.</param>
    public void RolloutEvent(string action) => _rolloutEvents.Add(1, new KeyValuePair<string, object?>("action", action));

    public void RolloutVerdict(string @class) => _rolloutVerdicts.Add(1, new KeyValuePair<string, object?>("class", @class));

    public void WriteFenced() => _rejectedWrites.Add(1);

    /// <summary>Registers a gauge that is read at each scrape.</summary>
    public void Gauge(string name, string description, Func<double> read) => _meter.CreateObservableGauge(name, read, null, description);

    public void Gauge(string name, string description, Func<IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, read, null, description);

    public void Dispose()
    {
        _meter.Dispose();
        _activities.Dispose();
    }
}
