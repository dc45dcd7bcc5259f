using FlyApi;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Reporting;
using Store;

namespace Reconciler.Explaining;

/// <summary>Joins the row, the plan of this moment and the guards to an <see cref="Explanation"/>. Pure.</summary>
internal static class Explainer
{
    /// <param name="preview">What the loop would do now.</param>
    /// <param name="held">What a guard holds back; null = nothing.</param>
    /// <param name="fleet">How the controller stands.</param>
    /// <param name="events">The newest lines of the audit log, newest first.</param>
    public static Explanation Explain(PlanPreview preview, HeldPlan? held, FleetStanding fleet, IReadOnlyList<StoredEvent> events)
    {
        var (user, plan) = (preview.Snapshot.User, preview.Plan);
        var (reason, why) = Cause(preview);
        var advice = ReasonGuide.Of(reason);
        var next = Upcoming.Of(preview, reason, advice, fleet);
        return new Explanation(
            user.UserId,
            user.AppName,
            user.Tier,
            user.Status,
            plan?.Verdict == Verdict.Settled,
            reason,
            why,
            advice.Means,
            SinceOf(user, reason),
            next.What,
            next.At,
            next.NeedsPerson,
            advice.Help.Replace("USER", user.AppName, StringComparison.Ordinal).Replace(" APP", " " + user.AppName, StringComparison.Ordinal),
            Deciders.Of(preview.Snapshot, advice, held, fleet),
            [.. (plan?.Drifts ?? []).Select(d => $"{d.Field}: {d.Observed ?? "(none)"} -> {d.Desired ?? "(none)"}")],
            [.. (plan?.Steps ?? []).Select(s => s.Call is { } call ? $"{s.Describe()}   [{call}]" : s.Describe())],
            [.. events.Select(e => $"{Explanation.At(new DateTimeOffset(e.At, TimeSpan.Zero))}  {e.EventText()}")],
            $"docs/runbook.md#{reason.ToLowerInvariant()}");
    }

    /// <summary>A failure that is being waited out is the cause, though the plan, which starts afresh, would act.</summary>
    private static (string Reason, string Why) Cause(PlanPreview preview)
    {
        if (preview.Problem is { } unreadable)
        {
            return (Failure.From(unreadable, "observe").Reason, unreadable.Message);
        }

        var (user, plan) = (preview.Snapshot.User, preview.Plan!);
        var ready = ReportJson.ReadConditions(user.Conditions).FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        return user.RetryCount > 0 && plan.Verdict == Verdict.Act && ready is { Status: not ConditionStatus.True } told
            ? (told.Reason, user.ErrorMessage ?? told.Message)
            : (plan.Reason, plan.Message);
    }

    /// <summary>The oldest transition of a condition that speaks of this reason.</summary>
    private static DateTimeOffset? SinceOf(UserApp user, string reason) => ReportJson.ReadConditions(user.Conditions)
        .Where(c => c.Reason == reason)
        .Select(c => (DateTimeOffset?)c.LastTransitionTime)
        .Min();

    private static string EventText(this StoredEvent line) => line.Error is { } error ? $"{line.Type}: {error}" : $"{line.Type} ({line.Status})";
}
