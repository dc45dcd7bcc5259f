using System.Text.Json.Nodes;
using FlySim.Model;
using FlySim.Validation;

namespace FlySim.Worlds;

public sealed partial class World
{
    /// <summary>Creates a machine from a request whose shape has been checked.</summary>
    internal SimMachine CreateMachine(SimApp app, JsonObject body)
    {
        var config = AcceptConfig(body["config"] as JsonObject);
        var image = Resolve(config.Image);
        var region = PlaceIn(body["region"]?.GetValue<string>(), app);
        var name = body["name"]?.GetValue<string>() is { Length: > 0 } given ? given : _ids.MachineName();
        RequireFreeName(app, name);
        RequireMachineQuota();
        var secretsVersion = SecretsVersionForBoot(app, body["min_secrets_version"]?.GetValue<long>());

        var machine = AddMachine(app, _ids.MachineId(), name, region, config, image);
        machine.VisibleAt = Now + Ms(Settings.MachineVisibleAfterMs);
        machine.SkipSecrets = body["skip_secrets"]?.GetValue<bool>() ?? false;
        machine.UpdatedSecretsVersion = secretsVersion;
        app.EverDeployed = true;
        AddEvent(machine, "launch", "created", "user");
        if (body["lease_ttl"]?.GetValue<long>() is > 0 and var ttl)
        {
            TakeLease(machine, ttl, description: null, nonce: null);
        }

        if (body["skip_launch"]?.GetValue<bool>() ?? false)
        {
            machine.StartableAt = Now + Ms(Settings.CreatedHoldMs);
        }
        else
        {
            BootLater(machine, secretsVersion);
        }

        return machine;
    }

    private static ConfigDocument AcceptConfig(JsonObject? config)
    {
        if (config?["image"]?.GetValue<string>() is not { Length: > 0 })
        {
            throw new RefusedException(400, "invalid_argument: config.image is required");
        }

        var normal = ConfigNormaliser.Normalise(config);
        GuestRules.Require(normal["guest"] as JsonObject);
        ConfigRules.Require(normal);
        return new ConfigDocument(normal);
    }

    private SimMachine AddMachine(
        SimApp app, string id, string name, string region, ConfigDocument config, ResolvedImage image, DateTimeOffset? createdAt = null)
    {
        var version = new MachineVersion(_ids.Ulid(Now), config, image);
        var machine = new SimMachine(id, app, name, region, createdAt ?? Now)
        {
            Current = version,
            PrivateIp = _ids.PrivateIp(),
            VisibleAt = Now,
        };
        machine.Versions.Add(version);
        app.Machines[id] = machine;
        _machines[id] = machine;
        Touch(machine);
        return machine;
    }

    private void RequireFreeName(SimApp app, string name)
    {
        var holder = app.LiveMachines.FirstOrDefault(
            m => m.Name == name && (Settings.NameHeldWhileDestroying || m.State != States.Destroying));
        if (holder is not null)
        {
            throw new RefusedException(
                409, $"already_exists: unique machine name violation, machine ID {holder.Id} already exists with name \"{name}\"");
        }
    }

    private void RequireMachineQuota()
    {
        if (Settings.MachineLimit is { } limit && _machines.Values.Count(m => m.App.Org == Org && !m.IsDestroyed) >= limit)
        {
            throw new RefusedException(
                422, $"unprocessable entity: organization {Org} has reached its machine limit of {limit}");
        }
    }
}
