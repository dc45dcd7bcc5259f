using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// More than one live machine: one stays, the others go before anything else happens, because two would trade twice.
/// Without an elected machine the one that most likely works is elected first.
/// </summary>
internal static class DuplicateRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        var live = draft.Observed.Machines.Where(m => m.State != MachineStates.Destroying).ToList();
        if (live.Count == 0)
        {
            return null;
        }

        if (draft.Elected is null && draft.Snapshot.User.MachineId is { } unseen && !ElectedAbsence.IsProven(draft.Snapshot))
        {
            // The elected one may be there although nobody shows it: nothing takes its place, and nothing may run beside it.
            return live.Where(m => m.MayRun()).Select(m => Stop(draft, m)).ToList() is { Count: > 0 } stops
                ? draft.Act(Reasons.DuplicateMachine, $"machine {unseen} is elected and not seen yet; others must not run", stops)
                : null;
        }

        var stay = draft.Elected ?? Choose(draft, live);
        var steps = new List<Step>();
        foreach (var machine in live.Where(m => m.Id != stay.Id))
        {
            if (Remove(draft, machine, steps.Count(s => s.IsDestructive)) is { } step)
            {
                steps.Add(step);
            }
        }

        if (draft.Elected is null)
        {
            steps.Add(new Step.ElectMachine(draft.App, draft.Snapshot.User.MachineId, stay.Id, Reasons.MachineAdopted));
        }

        if (steps.Count == 0)
        {
            return null;
        }

        return draft.Elected is null && live.Count == 1
            ? draft.Act(Reasons.MachineAdopted, $"machine {stay.Id} exists and is taken over", steps)
            : draft.Act(Reasons.DuplicateMachine, $"{live.Count} machines exist; {stay.Id} stays", steps);
    }

    /// <summary>Whether a machine beside the elected one is on its way out and may be running still.</summary>
    public static bool IsLeaving(PlanDraft draft) => Others(draft).Any(m => m.State is MachineStates.Destroying or MachineStates.Stopping);

    /// <summary>A duplicate that is at rest and may not be destroyed now; null when there is none.</summary>
    public static Machine? Leftover(PlanDraft draft) => Others(draft).FirstOrDefault(m => m.State != MachineStates.Destroying);

    private static IEnumerable<Machine> Others(PlanDraft draft) => draft.Observed.Machines.Where(m => m.Id != draft.Elected?.Id);

    /// <summary>When it may not be destroyed, a duplicate that may run is stopped: the promise is one started machine, and a stop
    /// takes nothing away. One at rest is then left for later.</summary>
    private static Step? Remove(PlanDraft draft, Machine machine, int drawn)
    {
        var mayDestroy = draft.Snapshot.Guards is { Hold: null } guards && guards.DestroysLeft > drawn;
        return mayDestroy ? new Step.DestroyMachine(draft.App, machine.Id, Reasons.DuplicateMachine)
            : machine.MayRun() ? Stop(draft, machine)
            : null;
    }

    private static Step Stop(PlanDraft draft, Machine machine) => new Step.StopMachine(draft.App, machine.Id, Reasons.DuplicateMachine);

    private static Machine Choose(PlanDraft draft, IReadOnlyList<Machine> live) => live
        .OrderByDescending(m => m.HostStatus is null or "ok")
        .ThenByDescending(m => m.State == MachineStates.Started)
        .ThenByDescending(m => m.Region == draft.Spec?.Region)
        .ThenByDescending(m => m.Name == draft.Desired.MachineName)
        .ThenBy(m => m.CreatedAt ?? DateTimeOffset.MaxValue)
        .ThenBy(m => m.Id, StringComparer.Ordinal)
        .First();
}
