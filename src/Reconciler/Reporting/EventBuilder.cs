using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Reporting;

/// <summary>From a reconcile to lines of the audit log: transitions only, in the words that the table's CHECK allows. Pure.</summary>
internal static class EventBuilder
{
    public static IReadOnlyList<EventWrite> Build(Snapshot snapshot, Plan plan, ApplyResult? result, string status, string health)
    {
        var events = new List<EventWrite>();
        var user = snapshot.User;
        var run = snapshot.Desired.Phase == Phase.Run;
        Requested(snapshot, status, events);
        foreach (var note in plan.Notes)
        {
            events.Add(Event("error_occurred", status, note.Reason, note.Message, error: note.Message));
        }

        if (result is { Done.Count: > 0 } && status != "deleted")
        {
            var steps = string.Join(", ", result.Done.Select(s => s.Kind));
            var type = !run ? "deprovision_started" : user.Status == "provisioning" || user.DeployedAt is null ? "provision_started" : "recovery_attempted";
            events.Add(Event(type, status, plan.Reason, plan.Message, steps: steps, drifts: DriftsOf(plan)));
        }

        Trouble(snapshot, plan, result, status, events);
        if (run)
        {
            Health(user, plan, status, health, events);
        }

        if (status == "active" && plan.Verdict == Verdict.Settled && user.Status is not "active")
        {
            events.Add(Event("provision_completed", status, plan.Reason, plan.Message));
        }

        if (status == "deleted" && user.Status != "deleted")
        {
            events.Add(Event("deprovision_completed", status, plan.Reason, plan.Message));
        }

        return events;
    }

    private static void Requested(Snapshot snapshot, string status, List<EventWrite> events)
    {
        var before = snapshot.Memory.DeprovisionSince is not null;
        if (snapshot.Desired.Phase == Phase.Run && (snapshot.User.ObservedGeneration == 0 || before))
        {
            events.Add(Event("provision_requested", status, Reasons.Provisioning, $"tier {snapshot.Desired.Tier}"));
        }
        else if (snapshot.Desired.Phase != Phase.Run && !before && snapshot.User.DeletedAt is null)
        {
            events.Add(Event("deprovision_requested", status, Reasons.Deprovisioning, "the paid tier is gone"));
        }
    }

    /// <summary>A failure is a transition when it is the first, or of another kind than the one before.</summary>
    private static void Trouble(Snapshot snapshot, Plan plan, ApplyResult? result, string status, List<EventWrite> events)
    {
        var (reason, message) = ConditionBuilder.Headline(plan, result);
        var before = ReportJson.ReadConditions(snapshot.User.Conditions).FirstOrDefault(c => c.Type == ConditionTypes.Degraded);
        var isNew = before is not { Status: ConditionStatus.True } || before.Reason != reason;
        var troubled = result?.Stop is ApplyStop.Failed or ApplyStop.Guarded
            || (plan.Verdict == Verdict.Blocked && plan.Reason != Reasons.Paused)
            || plan.Reason is Reasons.CrashLooping or Reasons.HostUnreachable;
        if (!troubled || !isNew)
        {
            return;
        }

        var type = snapshot.Desired.Phase != Phase.Run ? "deprovision_failed"
            : snapshot.User.DeployedAt is null ? "provision_failed"
            : "error_occurred";
        var failed = result?.Stop as ApplyStop.Failed;
        events.Add(Event(type, status, reason, message, error: message, step: failed?.Step, requestId: failed?.FlyRequestId));
    }

    private static void Health(UserApp user, Plan plan, string status, string health, List<EventWrite> events)
    {
        if (health == user.HealthStatus || health == "unknown")
        {
            return;
        }

        events.Add(health == "healthy"
            ? Event("health_check_passed", status, "Healthy", plan.Health.Message)
            : Event("health_check_failed", status, Reasons.Unhealthy, plan.Health.Message, error: plan.Health.Message));
    }

    private static string? DriftsOf(Plan plan) => plan.Drifts.Count == 0
        ? null
        : string.Join("; ", plan.Drifts.Select(d => $"{d.Field}: {d.Observed} -> {d.Desired}"));

    private static EventWrite Event(
        string type,
        string status,
        string reason,
        string message,
        string? error = null,
        string? steps = null,
        string? drifts = null,
        string? step = null,
        string? requestId = null)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["reason"] = reason,
            ["message"] = Text.Shorten(message),
        };
        Add("steps", steps);
        Add("drift", drifts);
        Add("step", step);
        Add("flyRequestId", requestId);
        return new EventWrite(type, status, ReportJson.Write(metadata), error is null ? null : Text.Shorten(error));

        void Add(string key, string? value)
        {
            if (value is not null)
            {
                metadata[key] = Text.Shorten(value);
            }
        }
    }
}
