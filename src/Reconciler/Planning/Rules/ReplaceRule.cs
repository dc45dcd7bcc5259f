using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>What cannot be changed in place: the region. Destroy, confirm gone, un-elect, create; never two at once.</summary>
internal static class ReplaceRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        var drifts = draft.Assessment.Drifts;
        if (drifts.FirstOrDefault(d => d.Field == "region") is { } region)
        {
            var message = $"machine {draft.Elected!.Id} is in {region.Observed} instead of {region.Desired}";
            return Replace(draft, Reasons.WrongRegion, message, drifts);
        }

        return draft.Memory.MustReplace is { } why && (drifts.Count > 0 || draft.Elected!.State != MachineStates.Started)
            ? Replace(draft, Reasons.ConfigDrift, $"machine {draft.Elected!.Id} cannot be changed or started where it is: {why}", drifts)
            : null;
    }

    public static Plan Replace(PlanDraft draft, string reason, string message, IReadOnlyList<Drift> drifts)
    {
        var machine = draft.Elected!;
        if (PrerequisiteRule.Problem(draft) is { } blocked)
        {
            return blocked;
        }

        if (draft.Snapshot.Guards.Hold is { } hold)
        {
            return draft.Blocked(Reasons.ShrinkTripwire, hold, TimeSpan.FromMinutes(1));
        }

        if (draft.Snapshot.Guards.DestroysLeft < 1)
        {
            return draft.Blocked(Reasons.DestroyBudget, $"{message}; this hour's destroy budget is spent", TimeSpan.FromMinutes(1));
        }

        return draft.Act(
            reason,
            message,
            [
                new Step.CheckCapacity(draft.Spec!.Region, draft.Spec.Guest, reason),
                new Step.DestroyMachine(draft.App, machine.Id, reason),
                new Step.ConfirmGone(draft.App, machine.Id, reason),
                new Step.UnelectMachine(draft.App, machine.Id, reason),
                .. MissingMachineRule.CreateSteps(draft, reason),
            ],
            drifts);
    }
}
