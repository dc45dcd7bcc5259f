using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    /// <summary>Replaces the machine's whole config: a new version, whether or not anything differs.</summary>
    internal void UpdateMachine(SimMachine machine, JsonObject body, string? nonce)
    {
        RequireCommandable(machine, nonce);
        RequireUpdatable(machine, body);
        var config = AcceptConfig(body["config"] as JsonObject);
        var image = Resolve(config.Image);
        var secretsVersion = SecretsVersionForBoot(machine.App, body["min_secrets_version"]?.GetValue<long>());

        var previous = (Version: machine.Current, machine.State, machine.Boot);
        var skipLaunch = body["skip_launch"]?.GetValue<bool>() ?? false;
        var wasRunning = previous.State is States.Started or States.Starting or States.Restarting;
        var launch = !skipLaunch && (wasRunning || Settings.UpdateStartsStopped);

        Interrupt(machine);
        machine.SkipSecrets = body["skip_secrets"]?.GetValue<bool>() ?? false;
        machine.Current = new MachineVersion(_ids.Ulid(Now), config, image);
        machine.Versions.Add(machine.Current);
        machine.UpdatedSecretsVersion = secretsVersion;
        machine.StartableAt = null;
        machine.RestartCount = 0;
        SetState(machine, States.Replacing);
        AddEvent(machine, "update", "replacing", "user");
        if (body["lease_ttl"]?.GetValue<long>() is > 0 and var ttl)
        {
            TakeLease(machine, ttl, description: null, nonce);
        }

        After(machine, Settings.UpdateMs, () =>
        {
            if (image.Image.Behaviour == ImageBehaviour.Rollback)
            {
                RollBack(machine, previous.Version, previous.Boot, wasRunning);
            }
            else
            {
                Replaced(machine, launch, secretsVersion);
            }
        });
    }

    internal void ChangeMetadata(SimMachine machine, IEnumerable<KeyValuePair<string, string?>> changes, string? machineVersion)
    {
        RequireAlive(machine);
        if (machineVersion is { Length: > 0 } && machineVersion != machine.Current.InstanceId)
        {
            throw new RefusedException(412, $"failed_precondition: machine version {machineVersion} is not the current one");
        }

        // Not a new version: the same id names the changed metadata.
        machine.Current = machine.Current with { Config = machine.Current.Config.WithMetadata(changes) };
        machine.Versions[^1] = machine.Current;
        Touch(machine);
    }

    private static void RequireUpdatable(SimMachine machine, JsonObject body)
    {
        if (body["current_version"]?.GetValue<string>() is { Length: > 0 } expected && expected != machine.Current.InstanceId)
        {
            throw new RefusedException(
                412, $"failed_precondition: current_version {expected} does not match the machine's version {machine.Current.InstanceId}");
        }

        if (machine.State is States.Replacing or States.Stopping or States.Destroying)
        {
            throw new RefusedException(409, $"aborted: machine is {machine.State}: concurrent update in progress");
        }

        RequireSame(body, "region", machine.Region);
        RequireSame(body, "name", machine.Name);
    }

    private static void RequireSame(JsonObject body, string member, string current)
    {
        if (body[member]?.GetValue<string>() is { Length: > 0 } wanted && wanted != current)
        {
            throw new RefusedException(400, $"invalid_argument: {member} of a machine cannot be changed from {current} to {wanted}");
        }
    }

    private void Replaced(SimMachine machine, bool launch, long secretsVersion)
    {
        SetAlive(machine, false);
        if (launch)
        {
            SetState(machine, States.Starting);
            BootLater(machine, secretsVersion);
        }
        else
        {
            SetState(machine, States.Stopped);
        }
    }

    private void RollBack(SimMachine machine, MachineVersion version, BootRecord? boot, bool wasRunning)
    {
        machine.Current = version;
        machine.Versions.Add(version);
        SetAlive(machine, false);
        if (wasRunning && boot is not null)
        {
            Boot(machine, boot.Env, boot.SecretsVersion);
        }
        else
        {
            SetState(machine, States.Stopped);
        }
    }
}
