using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Nothing is left to do now; is there something to come back for?</summary>
internal static class SettledRule
{
    public static Plan Plan(PlanDraft draft)
    {
        if (draft.Snapshot.User.OwnIntents.Any())
        {
            return draft.Act(
                Reasons.Converged,
                "as desired; create calls whose outcome is known by now are forgotten",
                [new Step.CloseIntents(draft.App, Reasons.Converged)]);
        }

        if (DuplicateRule.Leftover(draft) is { } leftover)
        {
            var hold = draft.Snapshot.Guards.Hold;
            return draft.Blocked(
                hold is null ? Reasons.DestroyBudget : Reasons.ShrinkTripwire,
                hold ?? $"machine {leftover.Id} is one too many, does not run and waits for this hour's destroy budget",
                TimeSpan.FromMinutes(1));
        }

        if (DuplicateRule.IsLeaving(draft))
        {
            return draft.Settled(after: TimeSpan.FromSeconds(30));
        }

        // Restarts are forgotten after a time of good health, which somebody has to notice.
        return draft.Memory.Crash is { } crash
            ? draft.Settled(after: crash.LastRestart + draft.Timings.CrashReset + TimeSpan.FromSeconds(1) - draft.Snapshot.Now)
            : draft.Settled();
    }
}
