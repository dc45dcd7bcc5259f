using System.Diagnostics.Metrics;
using Reconciler.Model;

namespace Reconciler.Telemetry;

// Series that exist before anything happened, and those that are read at each scrape.
internal sealed partial class ReconcilerTelemetry
{
    private static readonly string[] Tiers = ["pro", "elite", "free"];
    private static readonly string[] Results = ["success", "error", "requeue", "requeue_after"];
    private static readonly string[] Outcomes = ["done", "waiting", "guarded", "failed"];
    private static readonly string[] Guards = [Reasons.DestroyBudget, Reasons.ShrinkTripwire];

    private static readonly string[] RolloutActions =
    [
        "first", "started", "wave", "done", "reverting", "reverted", "revert_failed", "pause", "pause_ended", "resume", "promote", "abort", "retry",
    ];

    private static readonly string[] RolloutVerdicts =
    [
        "good", "crashed", "unhealthy", "crash_loop", "never_started", "rolled_back", "refused", "paused", "own", "host", "down",
        "capacity", "throttled", "lease", "registry", "api", "bug", "guard", "key",
    ];

    /// <summary>The steps that change something at Fly.</summary>
    private static readonly string[] Actions =
    [
        "create_app", "set_secrets", "create_machine", "start_machine", "update_machine", "rollback_machine", "restart_machine",
        "patch_metadata", "stop_machine", "destroy_machine", "delete_app", "allocate_address",
    ];

    /// <summary>Registers a gauge that is read at each scrape.</summary>
    public void Gauge(string name, string description, Func<double> read) => _meter.CreateObservableGauge(name, read, null, description);

    public void Gauge(string name, string description, Func<IEnumerable<Measurement<double>>> read) =>
        _meter.CreateObservableGauge(name, read, null, description);

    /// <summary>A gauge of the controller, labelled as controller-runtime labels its own.</summary>
    public void ControllerGauge(string name, string description, Func<double> read) =>
        _meter.CreateObservableGauge(name, () => new Measurement<double>(read(), Controller), null, description);

    /// <summary>A gauge of the queue, labelled as controller-runtime labels its own.</summary>
    public void QueueGauge(string name, string description, Func<double> read) =>
        _meter.CreateObservableGauge(name, () => new Measurement<double>(read(), Queue, Controller), null, description);

    /// <summary>A counter of the queue that somebody else counts.</summary>
    public void QueueCounter(string name, string description, Func<long> read) =>
        _meter.CreateObservableCounter(name, () => new Measurement<long>(read(), Queue, Controller), null, description);

    /// <summary>A rate needs a first value to rise from: the first error of a series that was not there yet is one that no alert sees.</summary>
    private void BeginAtZero()
    {
        foreach (var result in Results)
        {
            _reconciles.Add(0, Controller, new("result", result));
        }

        _reconcileErrors.Add(0, Controller);
        _terminalErrors.Add(0, Controller);
        _panics.Add(0, Controller);
        _timeouts.Add(0, Controller);
        _active.Add(0, Controller);
        _fenced.Add(0);
        foreach (var errorClass in Enum.GetValues<ErrorClass>())
        {
            _errors.Add(0, ClassTag(errorClass));
        }

        foreach (var guard in Guards)
        {
            _guards.Add(0, new KeyValuePair<string, object?>("guard", guard));
        }

        foreach (var action in RolloutActions)
        {
            _rolloutEvents.Add(0, new KeyValuePair<string, object?>("action", action));
        }

        foreach (var verdict in RolloutVerdicts)
        {
            _rolloutVerdicts.Add(0, new KeyValuePair<string, object?>("class", verdict));
        }

        foreach (var tier in Tiers)
        {
            _convergences.Add(0, new("tier", tier), InTime(true));
            _convergences.Add(0, new("tier", tier), InTime(false));
        }

        foreach (var action in Actions)
        {
            foreach (var outcome in Outcomes)
            {
                _actions.Add(0, new("action", action), new("outcome", outcome));
            }
        }
    }
}
