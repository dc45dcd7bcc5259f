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
        var live = draft.Observed.Machines;
        if (live.Count == 0)
        {
            return null;
        }

        var stay = draft.Elected ?? Choose(draft, live);
        var steps = new List<Step>();
        foreach (var machine in live.Where(m => m.Id != stay.Id && m.State != MachineStates.Destroying))
        {
            steps.Add(Remove(draft, machine, steps.Count(s => s.IsDestructive)));
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

    /// <summary>When the budget is spent a duplicate is stopped instead: the promise is one started machine, and a stop takes nothing away.</summary>
    private static Step Remove(PlanDraft draft, Machine machine, int drawn) => draft.Snapshot.Guards.DestroysLeft > drawn
        ? new Step.DestroyMachine(draft.App, machine.Id, Reasons.DuplicateMachine)
        : new Step.StopMachine(draft.App, machine.Id, Reasons.DuplicateMachine);

    private static Machine Choose(PlanDraft draft, IReadOnlyList<Machine> live) => live
        .OrderByDescending(m => m.HostStatus is null or "ok")
        .ThenByDescending(m => m.State == MachineStates.Started)
        .ThenByDescending(m => m.Region == draft.Spec?.Region)
        .ThenByDescending(m => m.Name == draft.Desired.MachineName)
        .ThenBy(m => m.CreatedAt ?? DateTimeOffset.MaxValue)
        .ThenBy(m => m.Id, StringComparer.Ordinal)
        .First();
}
