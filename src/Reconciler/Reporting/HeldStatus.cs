using Reconciler.Model;
using Store;

namespace Reconciler.Reporting;

/// <summary>
/// The row of a user whose tier is gone while the tripwire holds. Nothing may be done about the app, so it is not looked at either:
/// a hold is there for the day on which this is everybody, and ten thousand looks a minute would tell nothing.
/// </summary>
internal static class HeldStatus
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);

    /// <summary>Why this user is held without a look; null when the app is to be looked at. What is not recorded as ours, or what a
    /// person asks about, is.</summary>
    public static string? Hold(Snapshot begun) =>
        begun is { User: { Entitled: false, Ownership.ReleasedAt: null }, Desired.Paused: false, Guards.Forced: false }
            ? begun.Guards.Hold
            : null;

    /// <summary>Only a safety net: the end of the hold and a new wish both bring the user back at once.</summary>
    public static TimeSpan After(double random) => Look * (1 + random);

    public static StatusWrite Build(Snapshot begun, string hold)
    {
        var user = begun.User;
        var before = ReportJson.ReadConditions(user.Conditions);
        var message = Text.Shorten(hold);
        var isFirst = before.FirstOrDefault(c => c.Type == ConditionTypes.Degraded)
            is not { Status: ConditionStatus.True, Reason: Reasons.ShrinkTripwire };
        return KeptStatus.Of(user) with
        {
            ErrorMessage = message,
            Conditions = ReportJson.Write(Conditions(before, message, begun.Now)),
            Events = isFirst ? [Event(user, message)] : [],
        };
    }

    private static List<Condition> Conditions(IReadOnlyList<Condition> before, string message, DateTimeOffset now)
    {
        string[] said = [ConditionTypes.Ready, ConditionTypes.Progressing, ConditionTypes.Degraded];
        return
        [
            Make(ConditionTypes.Ready, ConditionStatus.False),
            Make(ConditionTypes.Progressing, ConditionStatus.False),
            Make(ConditionTypes.Degraded, ConditionStatus.True),
            .. before.Where(c => !said.Contains(c.Type)),
        ];

        Condition Make(string type, ConditionStatus status)
        {
            var earlier = before.FirstOrDefault(c => c.Type == type);
            return new Condition(type, status, Reasons.ShrinkTripwire, message, earlier?.Status == status ? earlier.LastTransitionTime : now);
        }
    }

    private static EventWrite Event(UserApp user, string message)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["reason"] = Reasons.ShrinkTripwire,
            ["message"] = message,
        };
        return new EventWrite("deprovision_failed", user.Status, ReportJson.Write(metadata), message);
    }
}
