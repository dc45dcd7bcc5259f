using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The tier is gone: stop at once, destroy after the grace, and only what is ours.</summary>
internal static class DeprovisionRule
{
    public static Plan Plan(PlanDraft draft)
    {
        switch (draft.Observed.App)
        {
            case AppPresence.Unclaimed or AppPresence.Missing:
                return Gone(draft);
            case AppPresence.Foreign:
                return (IsForgotten(draft.Snapshot.User) ? null : AppRule.Elsewhere(draft) ?? AppRule.Doubt(draft)) ?? Lost(draft);
            case AppPresence.Adoptable:
                draft.Before(
                    Reasons.Deprovisioning,
                    new Step.TakeOwnership(draft.App, Store.OwnershipOrigin.Adopted, Reasons.Deprovisioning));
                break;
        }

        if (draft.Snapshot.Guards.Hold is { } hold)
        {
            return draft.Blocked(Reasons.ShrinkTripwire, hold, TimeSpan.FromMinutes(1));
        }

        return draft.Desired.Phase == Phase.Stop ? Stop(draft) : Destroy(draft);
    }

    /// <summary>What was given up is not doubted again: the row says that it is gone, and nothing of ours can be there.</summary>
    private static bool IsForgotten(Store.UserApp user) =>
        user is { DeletedAt: not null } && IsNothingOfOurs(user);

    private static bool IsNothingOfOurs(Store.UserApp user) =>
        user is { Ownership: not { ReleasedAt: null }, MachineId: null } && !user.OwnIntents.Any();

    private static Plan Gone(PlanDraft draft)
    {
        var user = draft.Snapshot.User;
        if (user.OwnIntents.Any())
        {
            // A create of ours whose outcome is unknown may still land: "gone" is not said before it cannot any more.
            var left = draft.Timings.NameRelease - user.OwnIntents.Min(draft.Snapshot.AgeOf);
            if (left > TimeSpan.Zero)
            {
                return draft.Wait(Reasons.OutcomeUnknown, "a create was sent before the tier was lost and may still land", left);
            }
        }

        if (IsNothingOfOurs(user))
        {
            return draft.Settled(Reasons.Deprovisioned, "no tier, no app");
        }

        // Nobody looks at it any more once it is released.
        return AppRule.Doubt(draft)
            ?? draft.Act(Reasons.Deprovisioned, $"app {draft.App} is gone", [new Step.ReleaseApp(draft.App, Reasons.Deprovisioned)]);
    }

    /// <summary>The name is somebody else's: an app that we had under it is gone, none that we asked for can come, and theirs is left alone.</summary>
    private static Plan Lost(PlanDraft draft) => IsNothingOfOurs(draft.Snapshot.User)
        ? draft.Settled(Reasons.Deprovisioned, $"the app named {draft.App} is not ours and is left alone")
        : draft.Act(
            Reasons.Deprovisioned,
            $"app {draft.App} is gone and its name is somebody else's now",
            [new Step.ReleaseApp(draft.App, Reasons.Deprovisioned)]);

    private static Plan Stop(PlanDraft draft)
    {
        var running = draft.Observed.Machines.Where(m => m.MayRun()).ToList();
        if (running.Count > 0)
        {
            return draft.Act(
                Reasons.Deprovisioning,
                "the tier is gone; the machine is stopped at once",
                [.. running.Select(m => new Step.StopMachine(draft.App, m.Id, Reasons.Deprovisioning))]);
        }

        if (draft.Observed.Machines.Any(m => m.State == MachineStates.Stopping))
        {
            // One that hangs in "stopping" is not worth a look every two seconds; the end of the grace removes it with the app.
            var hangs = draft.Snapshot.Now - draft.Memory.DeprovisionSince > draft.Timings.StuckAfter;
            return draft.Wait(Reasons.Deprovisioning, "the machine is stopping", hangs ? TimeSpan.FromMinutes(1) : null);
        }

        var left = draft.Desired.DestroyAfter is { } at ? at - draft.Snapshot.Now : TimeSpan.Zero;
        return draft.Settled(Reasons.StoppedInGrace, "stopped; the app is kept until the grace is over", left);
    }

    private static Plan Destroy(PlanDraft draft) => draft.Snapshot.Guards.DestroysLeft < 1
        ? draft.Blocked(Reasons.DestroyBudget, "the grace is over; this hour's destroy budget is spent", TimeSpan.FromMinutes(1))
        : draft.Act(
            Reasons.Deprovisioning,
            "the grace is over",
            [new Step.DeleteApp(draft.App, Reasons.Deprovisioning)]);
}
