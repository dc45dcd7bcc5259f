using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// An app of the user's that its row no longer names: it was given up while nobody could see it and is there again, or the row was
/// edited. What runs in it would trade beside the user's own machine, so it is stopped before anything else is done; it is removed
/// when there is nothing else to do.
/// </summary>
internal static class FormerAppRule
{
    /// <summary>Null when nothing runs there.</summary>
    public static Plan? Stop(PlanDraft draft)
    {
        List<Step> stops =
        [
            .. from former in Ours(draft)
               from machine in former.Machines
               where machine.MayRun()
               select new Step.StopMachine(former.App, machine.Id, Reasons.FormerApp),
        ];
        return stops.Count == 0
            ? null
            : draft.Act(Reasons.FormerApp, $"the app {Ours(draft).First().App}, which the user's row no longer names, is there and runs", stops);
    }

    /// <summary>Whether something there may be running still.</summary>
    public static bool IsLeaving(PlanDraft draft) =>
        Ours(draft).Any(f => f.Machines.Any(m => m.State is MachineStates.Destroying or MachineStates.Stopping));

    /// <summary>Null when nothing is left to remove, or nothing may be removed now: it then waits for the next look.</summary>
    public static Plan? Tidy(PlanDraft draft)
    {
        if (draft.Observed.Former.FirstOrDefault(f => IsGone(f, draft)) is { } gone)
        {
            return draft.Act(
                Reasons.FormerApp, $"the app {gone.App}, which the user's row no longer names, is gone", [new Step.ReleaseFormerApp(gone.App, Reasons.FormerApp)]);
        }

        return Ours(draft).FirstOrDefault() is { } former && draft.Snapshot.Guards is { Hold: null, DestroysLeft: > 0 }
            ? draft.Act(
                Reasons.FormerApp, $"the app {former.App}, which the user's row no longer names, is left over", [new Step.DeleteFormerApp(former.App, Reasons.FormerApp)])
            : null;
    }

    /// <summary>As long as for a name of ours to be free again: whoever releases the record gives up looking.</summary>
    private static bool IsGone(FormerApp former, PlanDraft draft) =>
        former.MissingSince is { } since && draft.Snapshot.Now - since >= draft.Timings.NameRelease;

    private static IEnumerable<FormerApp> Ours(PlanDraft draft) => draft.Observed.Former.Where(f => f.Presence == AppPresence.Ours);
}
