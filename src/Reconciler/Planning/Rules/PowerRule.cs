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
        var reason = machine.State switch
        {
            MachineStates.Created => Reasons.Provisioning,
            MachineStates.Stopped or MachineStates.Suspended => Reasons.MachineStopped,
            MachineStates.Failed => Reasons.MachineFailed,
            _ => null,
        };
        if (reason is null)
        {
            return null;
        }

        var failed = machine.State == MachineStates.Failed;
        var isLooping = machine.State != MachineStates.Created && draft.Memory.Crash?.Restarts >= CrashBackoff.LoopingFrom;
        var headline = isLooping ? Reasons.CrashLooping : reason; // the same before a try and while waiting for it: one event, not two a try
        var message = $"machine {machine.Id} is {machine.State} and should run";
        // A machine that has never run has not crashed: what happened to the one before it delays it only when that goes on and on.
        var isFirstStart = (machine.State == MachineStates.Created && !(draft.Memory.Crash?.Restarts >= CrashBackoff.LoopingFrom))
            || (!failed && IsNewVersion(draft));
        if (!isFirstStart && CrashBackoff.Remaining(draft.Memory.Crash, draft.Snapshot.Now) is { Ticks: > 0 } left)
        {
            return draft.Wait(headline, $"{message}; started {draft.Memory.Crash!.Restarts} time(s) already, the next try waits", left);
        }

        if (failed && draft.Memory.Crash?.Restarts >= ReplaceFailedFrom)
        {
            return ReplaceRule.Replace(draft, reason, $"machine {machine.Id} stays failed", []);
        }

        return draft.Act(
            headline,
            message,
            failed
                ? [
                    new Step.UpdateMachine(draft.App, machine, draft.Spec!, IsRollback: false, reason),
                    new Step.StartMachine(draft.App, machine.Id, draft.Spec!, reason),
                ]
                : [new Step.StartMachine(draft.App, machine.Id, draft.Spec!, reason)]);
    }

    /// <summary>A version that was sent after the last restart has never run. Waiting would use up the time in which it has to become healthy.</summary>
    private static bool IsNewVersion(PlanDraft draft) =>
        draft.Memory.Pending is { Kind: "update" or "rollback" } change
        && change.MachineId == draft.Elected!.Id
        && !(draft.Memory.Crash?.LastRestart >= change.Since);
}
