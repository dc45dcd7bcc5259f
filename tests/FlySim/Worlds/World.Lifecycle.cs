using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>The commands to an existing machine. Each checks the lease, then the state, then schedules what follows.</summary>
public sealed partial class World
{
    /// <summary>The machine by id, destroyed ones included while they are still shown.</summary>
    internal SimMachine Machine(SimApp app, string id) =>
        app.Machines.TryGetValue(id, out var machine) && machine.VisibleAt <= Now
            ? machine
            : throw new RefusedException(404, "machine not found");

    internal string Start(SimMachine machine, string? nonce)
    {
        RequireCommandable(machine, nonce);
        var before = machine.State;
        switch (before)
        {
            case States.Started or States.Starting or States.Restarting:
                throw new RefusedException(409, "aborted: machine still attempting to start");
            case States.Replacing:
                throw new RefusedException(412, "failed_precondition: machine getting replaced, refusing to start");
            case States.Stopped or States.Suspended:
            case States.Created when machine.StartableAt is { } startable && startable <= Now:
                break;
            default:
                throw new RefusedException(412, $"failed_precondition: unable to start machine from current state: '{before}'");
        }

        Interrupt(machine);
        machine.StartableAt = null;
        machine.RestartCount = 0;
        SetState(machine, States.Starting);
        AddEvent(machine, "start", "starting", "user");
        BootLater(machine, SecretsVersionForStart(machine));
        return before;
    }

    internal void Stop(SimMachine machine, string? nonce, string resting = States.Stopped)
    {
        RequireCommandable(machine, nonce);
        switch (machine.State)
        {
            case States.Stopped or States.Failed or States.Stopping:
                return;
            case States.Suspended when resting == States.Suspended:
                return;
            case States.Started or States.Starting or States.Restarting:
                break;
            default:
                throw new RefusedException(412, $"failed_precondition: unable to stop machine from current state: '{machine.State}'");
        }

        Interrupt(machine);
        SetState(machine, States.Stopping);
        AddEvent(machine, "exit", "stopping", "user");
        After(machine, Settings.StopMs, () => Stopped(machine, resting));
    }

    internal void Restart(SimMachine machine, string? nonce)
    {
        RequireCommandable(machine, nonce);
        if (machine.State is not (States.Started or States.Stopped or States.Failed or States.Suspended))
        {
            throw new RefusedException(412, $"failed_precondition: unable to restart machine from current state: '{machine.State}'");
        }

        Interrupt(machine);
        machine.RestartCount = 0;
        SetState(machine, States.Restarting);
        AddEvent(machine, "restart", "restarting", "user");
        After(machine, Settings.StopMs, () =>
        {
            SetAlive(machine, false);

            // The same version boots again, with the secrets it had: a restart does not apply new ones.
            BootLater(machine, machine.Boot?.SecretsVersion ?? machine.App.Secrets.Latest.Version);
        });
    }

    internal void Destroy(SimMachine machine, bool force, string? nonce)
    {
        RequireAlive(machine);
        RequireLease(machine, nonce);
        if (machine.State == States.Destroying)
        {
            return;
        }

        if (!force && machine.State is not (States.Stopped or States.Suspended or States.Failed or States.Created))
        {
            throw new RefusedException(
                412, $"failed_precondition: unable to destroy machine, not currently stopped, suspended, failed or created, but {machine.State}");
        }

        Interrupt(machine);
        SetState(machine, States.Destroying);
        AddEvent(machine, "destroy", "destroying", "user");
        if (machine.HostOk)
        {
            After(machine, Settings.DestroyMs, () => Destroyed(machine));
        }
        else
        {
            machine.DestroyQueued = true;
        }
    }

    internal JsonObject Cordon(SimMachine machine, bool cordoned, string? nonce)
    {
        RequireCommandable(machine, nonce);
        machine.Cordoned = cordoned;
        return new JsonObject { ["ok"] = true };
    }

    private void Stopped(SimMachine machine, string resting)
    {
        SetAlive(machine, false);
        AddEvent(machine, "exit", "stopped", "flyd", ExitRequest(0, requestedStop: true, restarting: false, machine.RestartCount));
        if (machine.Current.Config.AutoDestroy)
        {
            Destroyed(machine);
        }
        else
        {
            SetState(machine, resting);
        }
    }

    /// <summary>Never older than what its last update said it must boot with.</summary>
    private long SecretsVersionForStart(SimMachine machine) => Math.Max(
        machine.UpdatedSecretsVersion,
        Settings.StartAppliesSecrets || machine.Boot is null
            ? SecretsVersionForBoot(machine.App, minVersion: null)
            : machine.Boot.SecretsVersion);

    private void RequireCommandable(SimMachine machine, string? nonce)
    {
        RequireAlive(machine);
        RequireLease(machine, nonce);
        if (!machine.HostOk)
        {
            throw new RefusedException(503, "unavailable: the host of this machine cannot be reached");
        }
    }

    private static void RequireAlive(SimMachine machine)
    {
        if (machine.IsDestroyed)
        {
            throw new RefusedException(404, "machine not found");
        }
    }
}
