using System.Diagnostics.Metrics;
using Reconciler.Queueing;

namespace Reconciler.Telemetry;

/// <summary>
/// The controller's own instruments. Names and labels follow controller-runtime where it has them, so that existing boards
/// work; tags hold closed sets of values, never a user, app or machine. docs/metrics.md lists what comes out.
/// </summary>
internal sealed partial class ReconcilerTelemetry : IDisposable
{
    public const string Name = "Reconciler";

    /// <summary>The one controller of this process and its one queue.</summary>
    public const string ControllerName = "user-fly-app";

    /// <summary>What the objective counts as in time; the rules in deploy/prometheus build on it.</summary>
    public static readonly TimeSpan Objective = TimeSpan.FromSeconds(60);

    private static readonly KeyValuePair<string, object?> Controller = new("controller", ControllerName);
    private static readonly KeyValuePair<string, object?> Queue = new("name", ControllerName);

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _reconciles;
    private readonly Counter<long> _reconcileErrors;
    private readonly Counter<long> _terminalErrors;
    private readonly Counter<long> _panics;
    private readonly Counter<long> _timeouts;
    private readonly Histogram<double> _reconcileTime;
    private readonly UpDownCounter<long> _active;
    private readonly Histogram<double> _queueTime;
    private readonly Histogram<double> _workTime;
    private readonly Histogram<double> _convergence;
    private readonly Counter<long> _convergences;
    private readonly Counter<long> _actions;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _guards;
    private readonly Counter<long> _fenced;
    private readonly Counter<long> _rolloutEvents;
    private readonly Counter<long> _rolloutVerdicts;

    public ReconcilerTelemetry()
    {
        _reconciles = _meter.CreateCounter<long>("controller_runtime_reconcile", null, "Reconciles by result.");
        _reconcileErrors = _meter.CreateCounter<long>("controller_runtime_reconcile_errors", null, "Reconciles that failed.");
        _terminalErrors = _meter.CreateCounter<long>(
            "controller_runtime_terminal_reconcile_errors", null, "Reconciles that failed in a way that the same call again cannot mend.");
        _panics = _meter.CreateCounter<long>("controller_runtime_reconcile_panics", null, "Reconciles that threw what no rule expects.");
        _timeouts = _meter.CreateCounter<long>(
            "controller_runtime_reconcile_timeouts", null, "Reconciles held up for so long that a stand-in took over the queue.");
        _reconcileTime = _meter.CreateHistogram("controller_runtime_reconcile_time", "s", "From hand-out to report.", advice: Buckets.Reconcile);
        _active = _meter.CreateUpDownCounter<long>("controller_runtime_active_workers", null, "Workers busy with a user.");
        _queueTime = _meter.CreateHistogram("workqueue_queue_duration", "s", "How long a ready key waited for a worker.", advice: Buckets.Queue);
        _workTime = _meter.CreateHistogram("workqueue_work_duration", "s", "How long a worker had a key.", advice: Buckets.Queue);
        _convergence = _meter.CreateHistogram("reconciler_convergence", "s", "From a wish or a deviation to converged.", advice: Buckets.Convergence);
        _convergences = _meter.CreateCounter<long>(
            "reconciler_convergences", null, "Wishes and deviations that came to an end, by whether that was within the objective.");
        _actions = _meter.CreateCounter<long>("reconciler_actions", null, "Steps tried, by kind and outcome.");
        _errors = _meter.CreateCounter<long>("reconciler_errors", null, "Failed reconciles by class.");
        _guards = _meter.CreateCounter<long>("reconciler_guard_refusals", null, "Reconciles that a safety guard ended.");
        _fenced = _meter.CreateCounter<long>("reconciler_fenced_writes", null, "Writes the database rejected because another process leads.");
        _rolloutEvents = _meter.CreateCounter<long>("reconciler_rollout_events", null, "Steps of rollouts, by action.");
        _rolloutVerdicts = _meter.CreateCounter<long>("reconciler_rollout_verdicts", null, "Judgements on users of a rollout, by class.");
        BeginAtZero();
    }

    public void WorkerBusy(int change) => _active.Add(change, Controller);

    /// <param name="result"><c>success</c>, <c>error</c>, <c>requeue</c> or <c>requeue_after</c>.</param>
    /// <param name="elapsed">From hand-out to report.</param>
    public void Reconciled(string result, TimeSpan elapsed)
    {
        _reconciles.Add(1, Controller, new("result", result));
        _reconcileTime.Record(elapsed.TotalSeconds, Controller);
        _workTime.Record(elapsed.TotalSeconds, Queue, Controller);
        if (result == "error")
        {
            _reconcileErrors.Add(1, Controller);
        }
    }

    public void Panicked() => _panics.Add(1, Controller);

    public void HeldUp() => _timeouts.Add(1, Controller);

    public void Converged(string tier, TimeSpan since)
    {
        _convergence.Record(since.TotalSeconds, new KeyValuePair<string, object?>("tier", TierOf(tier)));
        _convergences.Add(1, new("tier", TierOf(tier)), InTime(since <= Objective));
    }

    public void StepTried(string kind, string outcome) => _actions.Add(1, new("action", kind), new("outcome", outcome));

    public void Errored(ErrorClass errorClass)
    {
        _errors.Add(1, ClassTag(errorClass));
        if (errorClass is ErrorClass.Invalid or ErrorClass.Unauthorised)
        {
            _terminalErrors.Add(1, Controller);
        }
    }

    /// <summary>What a failure of a call is counted as.</summary>
    public static ErrorClass ClassOf(BackoffClass backoff) => backoff switch
    {
        BackoffClass.Throttled => ErrorClass.Throttled,
        BackoffClass.Capacity => ErrorClass.Capacity,
        BackoffClass.Conflict or BackoffClass.NameTaken => ErrorClass.Conflict,
        BackoffClass.Invalid => ErrorClass.Invalid,
        BackoffClass.Image => ErrorClass.Image,
        BackoffClass.Unauthorised => ErrorClass.Unauthorised,
        BackoffClass.Ambiguous => ErrorClass.Ambiguous,
        BackoffClass.Bug => ErrorClass.Bug,
        BackoffClass.CrashLoop => ErrorClass.Crash,
        _ => ErrorClass.Transient,
    };

    /// <summary>A reconcile ended blocked; counted when a guard did it, whether the plan or a step ran into it.</summary>
    public void Blocked(string reason)
    {
        if (Guards.Contains(reason, StringComparer.Ordinal))
        {
            _guards.Add(1, new KeyValuePair<string, object?>("guard", reason));
        }
    }

    public void Taken(TimeSpan waited) => _queueTime.Record(waited.TotalSeconds, Queue, Controller);

    /// <param name="action">From the history: a closed set.</param>
    public void RolloutEvent(string action) => _rolloutEvents.Add(1, new KeyValuePair<string, object?>("action", action));

    /// <param name="class">From the judge: a closed set.</param>
    public void RolloutVerdict(string @class) => _rolloutVerdicts.Add(1, new KeyValuePair<string, object?>("class", @class));

    public void WriteFenced() => _fenced.Add(1);

    /// <summary>Tells these instruments from another's of the same name.</summary>
    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    public void Dispose()
    {
        _meter.Dispose();
        _activities.Dispose();
    }

    private static KeyValuePair<string, object?> ClassTag(ErrorClass errorClass) => new("class", errorClass.ToString().ToLowerInvariant());

    private static KeyValuePair<string, object?> InTime(bool inTime) => new("in_time", inTime ? "true" : "false");

    private static string TierOf(string tier) => tier is "pro" or "elite" ? tier : "free";
}

/// <summary>Why reconciles fail, as an operator sorts them.</summary>
internal enum ErrorClass
{
    Transient,
    Throttled,
    Capacity,
    Conflict,
    Invalid,
    Image,
    Unauthorised,
    Ambiguous,
    Crash,
    Store,
    Bug,
}
