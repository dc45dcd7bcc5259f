using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>What the platform does by mistake or by force to a machine that nobody commanded.</summary>
public sealed partial class World
{
    /// <summary>
    /// The machine hangs on its way into or out of a state; what ran runs on. After a while it gets there all the same, or never
    /// when <paramref name="forMs"/> is null.
    /// </summary>
    internal void Stick(SimMachine machine, string state, int? forMs)
    {
        Action end = state switch
        {
            States.Starting or States.Restarting or States.Replacing => () => BootAgain(machine),
            States.Stopping => () => Stopped(machine, States.Stopped),
            States.Destroying => () => Destroyed(machine),
            _ => throw new RefusedException(400, $"a machine does not get stuck in {state}"),
        };
        RequireAlive(machine);
        Interrupt(machine);
        SetState(machine, state);
        if (forMs is { } wait)
        {
            After(machine, wait, end);
        }
    }

    /// <summary>The platform undoes the last update behind its caller's back.</summary>
    internal void RollBackAtOnce(SimMachine machine)
    {
        if (machine.Versions.FindLast(v => v.InstanceId != machine.Current.InstanceId) is not { } before)
        {
            throw new RefusedException(409, "the machine has no version before this one");
        }

        Interrupt(machine);
        machine.Current = before;
        machine.Versions.Add(before);
        if (machine.State is States.Started or States.Starting or States.Restarting or States.Replacing)
        {
            BootAgain(machine);
        }
        else
        {
            Touch(machine);
        }
    }

    /// <summary>The platform moves the machine to another host, perhaps in another region: a new version and address, and a restart.</summary>
    internal void Migrate(SimMachine machine, string? region)
    {
        RequireAlive(machine);
        Interrupt(machine);
        SetAlive(machine, false);
        machine.HostStatus = "ok";
        machine.Region = region ?? machine.Region;
        machine.PrivateIp = _ids.PrivateIp();
        machine.Current = machine.Current with { InstanceId = _ids.Ulid(Now) };
        machine.Versions.Add(machine.Current);
        AddEvent(machine, "migrate", "migrated", "flyd");
        if (machine.State is States.Started or States.Starting or States.Restarting or States.Replacing)
        {
            SetState(machine, States.Starting);
            BootLater(machine, Math.Max(machine.UpdatedSecretsVersion, machine.Boot?.SecretsVersion ?? machine.App.Secrets.Latest.Version));
        }
        else if (machine.State is States.Stopping)
        {
            SetState(machine, States.Stopped);
        }
        else
        {
            Touch(machine);
        }
    }

    /// <summary>
    /// The machine's host goes away, with the program or without it (a partition: it runs on, unseen). The API keeps showing
    /// the last state known.
    /// </summary>
    internal void HostDown(SimMachine machine, bool programRunsOn)
    {
        Interrupt(machine);
        machine.HostStatus = "unreachable";
        if (!programRunsOn)
        {
            SetAlive(machine, false);
        }

        Touch(machine);
    }

    /// <summary>The host returns: what ran runs again, and a destroy accepted meanwhile is done, after the machine ran briefly.</summary>
    internal void HostUp(SimMachine machine)
    {
        machine.HostStatus = "ok";
        Interrupt(machine);
        var boot = machine.Boot;
        if (machine.DestroyQueued)
        {
            SetAlive(machine, boot is { Outcome.Runs: true });
            After(machine, Settings.DestroyMs, () => Destroyed(machine));
            Touch(machine);
        }
        else if (machine.State == States.Started && boot is not null)
        {
            SetAlive(machine, false);
            Boot(machine, boot.Env, boot.SecretsVersion);
        }
        else
        {
            // Whatever was under way when the host went did not survive it.
            SetAlive(machine, false);
            SetState(machine, machine.State is States.Created or States.Failed or States.Suspended ? machine.State : States.Stopped);
        }
    }

    private void BootAgain(SimMachine machine)
    {
        SetAlive(machine, false);
        var secretsVersion = machine.Boot?.SecretsVersion ?? machine.App.Secrets.Latest.Version;
        Boot(machine, Environment(machine, secretsVersion), secretsVersion);
    }
}
