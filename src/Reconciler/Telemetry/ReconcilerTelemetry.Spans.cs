using System.Diagnostics;

namespace Reconciler.Telemetry;

// One trace for each reconcile: observe, one span for each step, report. The calls to Fly and PostgreSQL are below them.
internal sealed partial class ReconcilerTelemetry
{
    private readonly ActivitySource _activities = new(Name);

    /// <summary>The root of a trace, whatever is under way around it.</summary>
    public Activity? StartReconcile()
    {
        Activity.Current = null;
        return _activities.StartActivity("reconcile");
    }

    public Activity? StartPhase(string name) => _activities.StartActivity(name);

    public Activity? StartStep(string kind, string reason)
    {
        var activity = _activities.StartActivity("apply " + kind);
        activity?.SetTag("reconciler.reason", reason);
        return activity;
    }

    /// <summary>What came of it, for the search for traces that went wrong.</summary>
    public static void Ended(Activity? reconcile, string outcome, string reason) =>
        reconcile?.SetTag("reconciler.outcome", outcome).SetTag("reconciler.reason", reason)
            .SetStatus(outcome == "Failed" ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
}
