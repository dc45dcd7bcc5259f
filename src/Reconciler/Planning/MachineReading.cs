using FlyApi.Contracts;

namespace Reconciler.Planning;

/// <summary>What may be concluded from a machine as Fly shows it.</summary>
internal static class MachineReading
{
    /// <summary>False when its host does not answer: then Fly shows no config, and the state and checks are of some earlier time.</summary>
    public static bool IsReadable(this Machine machine) => machine is { HostStatus: null or "ok", Config: not null };

    /// <summary>Its program may be running now, or about to: everything that is not known to be at rest.</summary>
    public static bool MayRun(this Machine machine) => !MachineStates.IsTerminal(machine.State)
        && machine.State is not (MachineStates.Stopped or MachineStates.Stopping or MachineStates.Created or MachineStates.Suspended
            or MachineStates.Failed or MachineStates.Destroying);
}
