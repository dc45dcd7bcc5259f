using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The right machine, not running: start it, or recover it when Fly gave up on it.</summary>
internal static class PowerRule
{
    /// <summary>A machine that stays failed after this many recoveries is replaced.</summary>
    private const int ReplaceFailedFrom = 3;

    public static Plan? Plan(PlanDraft draft)
    {
        var machine = draft.Elected!;
        if (machine.State is MachineStates.Created)
        {
            return draft.Act(
                Reasons.Provisioning,
                $"machine {machine.Id} is created and not started",
                [new Step.StartMachine(draft.App, machine.Id, draft.Spec!, Reasons.Provisioning)]);
        }

        if (machine.State is not (MachineStates.Stopped or MachineStates.Suspended or MachineStates.Failed))
        {
            return null;
        }

        var failed = machine.State == MachineStates.Failed;
        var reason = failed ? Reasons.MachineFailed : Reasons.MachineStopped;
        var message = $"machine {machine.Id} is {machine.State} and should run";
        if (CrashBackoff.Remaining(draft.Memory.Crash, draft.Snapshot.Now) is { Ticks: > 0 } left)
        {
            return draft.Wait(
                draft.Memory.Crash!.Restarts >= CrashBackoff.LoopingFrom ? Reasons.CrashLooping : reason,
                $"{message}; started {draft.Memory.Crash.Restarts} time(s) already, the next try waits",
                left);
        }

        if (failed && draft.Memory.Crash?.Restarts >= ReplaceFailedFrom)
        {
            return ReplaceRule.Replace(draft, reason, $"machine {machine.Id} stays failed", []);
        }

        return draft.Act(
            reason,
            message,
            failed
                ? [
                    new Step.UpdateMachine(draft.App, machine, draft.Spec!, IsRollback: false, reason),
                    new Step.StartMachine(draft.App, machine.Id, draft.Spec!, reason),
                ]
                : [new Step.StartMachine(draft.App, machine.Id, draft.Spec!, reason)]);
    }
}
