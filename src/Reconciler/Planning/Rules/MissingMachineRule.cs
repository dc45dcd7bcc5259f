using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>No live machine: make one. It is created without being launched, elected, and only then started.</summary>
internal static class MissingMachineRule
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public static Plan? Plan(PlanDraft draft)
    {
        if (draft.Elected is not null)
        {
            return null;
        }

        var elected = draft.Snapshot.User.MachineId;
        if (elected is not null && !ElectedAbsence.IsProven(draft.Snapshot) && draft.Prefix.All(s => s is not Step.CreateApp))
        {
            // Neither seen nor proven gone: absence must be proven before anything is created.
            return ElectedAbsence.Left(draft.Snapshot) is { } left
                ? draft.Wait(Reasons.WaitingForMachine, $"machine {elected} is not found; looking again before another is made", left < LookAgain ? left : LookAgain)
                : draft.Wait(Reasons.WaitingForMachine, $"machine {elected} is neither listed nor proven gone");
        }

        if (RecentIntent(draft) is { } wait)
        {
            return wait;
        }

        var steps = new List<Step>();
        if (elected is not null)
        {
            steps.Add(new Step.UnelectMachine(draft.App, elected, Reasons.MachineMissing));
        }

        steps.AddRange(CreateSteps(draft, Reasons.MachineMissing));
        var message = elected is null ? "no machine exists" : $"machine {elected} is gone";
        return draft.Act(Reasons.MachineMissing, message, steps, []);
    }

    public static IEnumerable<Step> CreateSteps(PlanDraft draft, string reason) =>
    [
        new Step.CreateMachine(draft.App, draft.Desired.MachineName, draft.Spec!, reason),
        new Step.ElectMachine(draft.App, null, null, reason),
        new Step.StartMachine(draft.App, null, draft.Spec!, reason),
    ];

    /// <summary>A create whose outcome is unknown may still land: look a while before sending another.</summary>
    private static Plan? RecentIntent(PlanDraft draft)
    {
        var asked = draft.Snapshot.User.OwnIntents.Where(i => i.Kind == "machine");
        return asked.Any(i => draft.Snapshot.AgeOf(i) < draft.Timings.AmbiguousLook)
            ? draft.Wait(Reasons.OutcomeUnknown, "a machine was asked for and the answer is unknown; looking for it before asking again")
            : null;
    }
}
