using Reconciler.Applying;
using Reconciler.Model;
using Store;

namespace Reconciler.Reporting;

/// <summary>
/// The row after a reconcile that could not see, or that threw: everything it knew stays, but it no longer claims to be Ready,
/// because there is no fresh proof.
/// </summary>
internal static class BlindStatus
{
    public static StatusWrite Build(Snapshot snapshot, ApplyStop.Failed failure, int attempts, TimeSpan delay) =>
        Build(snapshot.User, snapshot.Now, failure, attempts, delay);

    public static StatusWrite Build(UserApp user, DateTimeOffset now, ApplyStop.Failed failure, int attempts, TimeSpan delay)
    {
        var before = ReportJson.ReadConditions(user.Conditions);
        var isFirst = before.FirstOrDefault(c => c.Type == ConditionTypes.Degraded) is not { Status: ConditionStatus.True } degraded
            || degraded.Reason != failure.Reason;
        var message = Text.Shorten(failure.Message);
        return KeptStatus.Of(user) with
        {
            ErrorMessage = message,
            RetryCount = attempts,
            Conditions = ReportJson.Write(Conditions(before, failure.Reason, message, now)),
            NextAttemptAt = (now + delay).UtcDateTime,
            LastErrorClass = failure.Class.ToString(),
            Events = isFirst ? [Event(user, failure, message)] : [],
        };
    }

    private static List<Condition> Conditions(IReadOnlyList<Condition> before, string reason, string message, DateTimeOffset now)
    {
        var conditions = before.Where(c => c.Type is not (ConditionTypes.Ready or ConditionTypes.Degraded)).ToList();
        conditions.Insert(0, Make(ConditionTypes.Ready, ConditionStatus.Unknown));
        conditions.Add(Make(ConditionTypes.Degraded, ConditionStatus.True));
        return conditions;

        Condition Make(string type, ConditionStatus status)
        {
            var earlier = before.FirstOrDefault(c => c.Type == type);
            return new Condition(type, status, reason, message, earlier?.Status == status ? earlier.LastTransitionTime : now);
        }
    }

    private static EventWrite Event(UserApp user, ApplyStop.Failed failure, string message)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["reason"] = failure.Reason,
            ["step"] = failure.Step,
        };
        if (failure.FlyRequestId is { } requestId)
        {
            metadata["flyRequestId"] = Text.Shorten(requestId);
        }

        return new EventWrite("error_occurred", user.Status, ReportJson.Write(metadata), message);
    }
}
