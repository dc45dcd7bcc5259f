using FlyApi.Contracts;
using Reconciler.Model;
using Store;

namespace Reconciler.Planning;

/// <summary>
/// An app of the user's that its row no longer names: it was given up while nobody could see it and is there again, or the row was
/// edited. A machine in it would trade beside the user's own, so it goes before anything else is done, as a duplicate does; and
/// nothing of the user's is made or started before it is gone: lists lag, and a start of before may still land.
/// </summary>
internal static class FormerAppRule
{
    /// <summary>Null when there is none, or one at rest may not be removed now.</summary>
    public static Plan? Remove(PlanDraft draft)
    {
        if (Found(draft) is { } found)
        {
            return found;
        }

        var steps = new List<Step>();
        foreach (var former in Ours(draft))
        {
            if (draft.Snapshot.Guards is { Hold: null } guards && guards.DestroysLeft > steps.Count(s => s.IsDestructive))
            {
                steps.Add(new Step.DeleteFormerApp(former.App, Reasons.FormerApp));
            }
            else
            {
                steps.AddRange(former.Machines.Where(m => m.MayRun()).Select(m => new Step.StopMachine(former.App, m.Id, Reasons.FormerApp)));
            }
        }

        return steps.Count == 0
            ? null
            : draft.Act(Reasons.FormerApp, $"the app {Ours(draft).First().App}, which the user's row no longer names, is there", steps);
    }

    /// <summary>In place of a plan that makes or starts something; null when nothing is in its way.</summary>
    public static Plan? InTheWay(PlanDraft draft, Plan plan)
    {
        if (Ours(draft).FirstOrDefault() is { } former)
        {
            var hold = draft.Snapshot.Guards.Hold;
            return draft.Blocked(
                hold is null ? Reasons.DestroyBudget : Reasons.ShrinkTripwire,
                hold ?? $"the app {former.App}, which the user's row no longer names, is there and waits for this hour's destroy budget; no other is started before",
                TimeSpan.FromMinutes(1));
        }

        // One misleading answer does not show that nothing of ours runs there.
        var unsure = draft.Observed.Former.FirstOrDefault(f => f.AwaySince is { } since && draft.Snapshot.Now - since < draft.Timings.CreateLag);
        return unsure is null
            ? null
            : draft.WaitBefore(plan, Reasons.FormerApp, $"the app {unsure.App}, which the user's row no longer names, is not to be found as ours; looking again before anything is started");
    }

    /// <summary>When nothing else is to be done; null when no record is left over.</summary>
    public static Plan? Tidy(PlanDraft draft)
    {
        if (Unanswered(draft).FirstOrDefault(i => IsLost(draft, i)) is { } lost)
        {
            return draft.Act(
                Reasons.FormerApp,
                $"what was asked for in {lost.AppName}, which the user's row no longer names, is not made any more",
                [new Step.CloseIntents(lost.AppName, Reasons.FormerApp)]);
        }

        return draft.Observed.Former.FirstOrDefault(f => IsGone(draft, f)) is { } gone
            ? draft.Act(
                Reasons.FormerApp, $"the app {gone.App}, which the user's row no longer names, is gone", [new Step.ReleaseFormerApp(gone.App, Reasons.FormerApp)])
            : null;
    }

    /// <summary>A creation that was never answered, and made it: what is recorded as ours can be removed.</summary>
    private static Plan? Found(PlanDraft draft) =>
        Unanswered(draft).FirstOrDefault(i => i.Kind == "app" && Ours(draft).Any(f => f.App == i.AppName)) is { AppName: var app }
            ? draft.Act(
                Reasons.FormerApp,
                $"the app {app}, which was asked for before the user's row named another, is there",
                [new Step.TakeOwnership(app, OwnershipOrigin.Created, Reasons.FormerApp)])
            : null;

    /// <summary>It cannot land any more, and there is nothing of ours for it to be in.</summary>
    private static bool IsLost(PlanDraft draft, CreateIntent intent) =>
        IsOld(draft, intent) && draft.Observed.Former.FirstOrDefault(f => f.App == intent.AppName) is null or { Presence: AppPresence.Foreign };

    /// <summary>As long as for a name of ours to be free again: whoever releases the record gives up looking.</summary>
    private static bool IsGone(PlanDraft draft, FormerApp former) =>
        former.MissingSince is { } since && draft.Snapshot.Now - since >= draft.Timings.NameRelease
        && Unanswered(draft).All(i => i.AppName != former.App || IsOld(draft, i));

    private static bool IsOld(PlanDraft draft, CreateIntent intent) => draft.Snapshot.AgeOf(intent) >= draft.Timings.NameRelease;

    private static IEnumerable<CreateIntent> Unanswered(PlanDraft draft) => draft.Snapshot.User.Intents.Where(i => i.AppName != draft.App);

    private static IEnumerable<FormerApp> Ours(PlanDraft draft) => draft.Observed.Former.Where(f => f.Presence == AppPresence.Ours);
}
