using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>How states change: what every command and every due transition goes through.</summary>
public sealed partial class World
{
    private const int KeptEvents = 50;

    /// <summary>Runs later, unless another command reaches the machine first.</summary>
    private void After(SimMachine machine, int milliseconds, Action action)
    {
        var epoch = machine.Epoch;
        machine.NextDue = Now + Ms(milliseconds);
        _timeline.At(machine.NextDue.Value, () =>
        {
            // A machine whose host is away does nothing that anybody could see.
            if (machine.Epoch == epoch && machine.HostOk)
            {
                action();
            }
        });
    }

    private void SetState(SimMachine machine, string state)
    {
        machine.State = state;
        machine.StateSince = Now;
        Touch(machine);
    }

    /// <summary>A command: whatever was under way no longer happens.</summary>
    private static void Interrupt(SimMachine machine) => machine.Epoch++;

    private void Destroyed(SimMachine machine)
    {
        Interrupt(machine);
        SetAlive(machine, false);
        machine.Lease = null;
        machine.DestroyQueued = false;
        SetState(machine, States.Destroyed);
        AddEvent(machine, "destroy", "destroyed", "flyd");
        _timeline.At(Now + Ms(Settings.DestroyedVisibleMs), () =>
        {
            if (machine.IsDestroyed)
            {
                ForgetMachine(machine);
            }
        });
    }

    private void AddEvent(SimMachine machine, string type, string status, string source, JsonObject? request = null)
    {
        machine.Events.AddFirst(new MachineEvent(_ids.Ulid(Now), type, status, source, Now, request));
        if (machine.Events.Count > KeptEvents)
        {
            machine.Events.RemoveLast();
        }
    }
}
