using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>A machine that is on its way, stuck, or on a host that does not answer.</summary>
internal static class TroubleRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        var machine = draft.Elected!;
        var age = draft.Memory.Trouble is { } trouble ? draft.Snapshot.Now - trouble.Since : TimeSpan.Zero;
        if (!machine.IsReadable())
        {
            if (machine.State == MachineStates.Destroying)
            {
                return draft.Wait(
                    Reasons.HostUnreachable,
                    $"machine {machine.Id} is to be destroyed when its host answers; no second one is made before",
                    TimeSpan.FromSeconds(30));
            }

            return age < draft.Timings.UnreachableAfter
                ? draft.Wait(Reasons.HostUnreachable, $"the host of machine {machine.Id} does not answer", TimeSpan.FromSeconds(15))
                : ReplaceRule.Replace(draft, Reasons.HostUnreachable, $"the host of machine {machine.Id} has not answered for too long", []);
        }

        var isTransient = MachineStates.IsTransient(machine.State);
        if ((isTransient && machine.State != MachineStates.Destroying) || machine.State == MachineStates.Created)
        {
            // Starting is tried before, but a machine can hang in "created" for hours, whatever it is told.
            if (age >= draft.Timings.StuckAfter)
            {
                return ReplaceRule.Replace(draft, Reasons.MachineStuck, $"machine {machine.Id} is stuck in state {machine.State}", []);
            }
        }

        return isTransient ? draft.Wait(Reasons.WaitingForMachine, $"machine {machine.Id} is {machine.State}") : null;
    }
}
