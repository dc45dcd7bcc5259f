using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>What is done to the world behind the API's back. Nothing is checked: hands and older tools did not check either.</summary>
public sealed partial class World
{
    internal SimApp AnyApp(string name) =>
        _apps.TryGetValue(name, out var app) ? app : throw new RefusedException(404, $"app {name} not found");

    internal SimMachine AnyMachine(string app, string id) =>
        AnyApp(app).Machines.TryGetValue(id, out var machine) ? machine : throw new RefusedException(404, $"machine {id} not found");

    internal IReadOnlyList<PlantedMachine> Plant(PlantApp request)
    {
        var app = _apps.TryGetValue(request.Name, out var existing)
            ? existing
            : AddApp(request.Name, request.Org ?? Options.Org, request.Network);
        if (request.Secrets is { Count: > 0 } secrets)
        {
            app.Secrets.Merge(secrets.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)), Now);
        }

        return [.. request.Machines.Select(m => Plant(app, m))];
    }

    internal PlantedMachine Plant(SimApp app, PlantMachine request)
    {
        var config = new ConfigDocument((JsonObject)request.Config.DeepClone());
        var machine = AddMachine(
            app,
            request.Id ?? _ids.MachineId(),
            request.Name ?? _ids.MachineName(),
            request.Region ?? Options.DefaultRegion,
            config,
            ResolvePlanted(config.Image),
            request.CreatedAt);
        app.EverDeployed = true;
        AddEvent(machine, "launch", "created", "user");
        machine.HostStatus = request.HostStatus;
        PutInState(machine, request.State);
        return new PlantedMachine(machine.Id, machine.Current.InstanceId);
    }

    internal void Edit(SimMachine machine, EditMachine edit)
    {
        Interrupt(machine);
        var config = EditedConfig(machine.Current.Config, edit);
        if (!ReferenceEquals(config, machine.Current.Config))
        {
            var id = edit.NewVersion ? _ids.Ulid(Now) : machine.Current.InstanceId;
            machine.Current = new MachineVersion(id, config, ResolvePlanted(config.Image));
            machine.Versions.Add(machine.Current);
        }

        machine.Name = edit.Name ?? machine.Name;
        machine.Region = edit.Region ?? machine.Region;
        machine.HostStatus = edit.HostStatus ?? machine.HostStatus;
        machine.HealthOverride = edit.Healthy is { } healthy ? new HealthOverride(healthy, Now) : machine.HealthOverride;
        if (edit.State is { } state)
        {
            PutInState(machine, state);
        }
        else
        {
            Touch(machine);
        }
    }

    /// <summary>It goes to that organisation as it is, with what runs in it.</summary>
    internal void HandOver(SimApp app, string org)
    {
        app.Org = org;
        _revision++;
    }

    internal void RemoveAppAtOnce(string name) => RemoveApp(AnyApp(name));

    internal void DestroyAtOnce(SimMachine machine) => Destroyed(machine);

    internal void StopAtOnce(SimMachine machine)
    {
        Interrupt(machine);
        Stopped(machine, States.Stopped);
    }

    /// <summary>The program dies and the platform gives up on it.</summary>
    internal void FailAtOnce(SimMachine machine)
    {
        Interrupt(machine);
        SetAlive(machine, false);
        AddEvent(machine, "exit", "failed", "flyd", ExitRequest(137, requestedStop: false, restarting: false, machine.RestartCount));
        SetState(machine, States.Failed);
    }

    /// <summary>Somebody starts it by hand: it boots at once, with the newest secrets.</summary>
    internal void StartAtOnce(SimMachine machine)
    {
        Interrupt(machine);
        machine.StartableAt = null;
        machine.RestartCount = 0;
        PutInState(machine, States.Started);
    }

    private static ConfigDocument EditedConfig(ConfigDocument config, EditMachine edit)
    {
        var edited = edit.Config is { } whole ? new ConfigDocument((JsonObject)whole.DeepClone()) : config;
        foreach (var (member, value) in new (string, JsonNode?)[]
                 {
                     ("guest", edit.Guest), ("env", edit.Env), ("metadata", edit.Metadata), ("image", edit.Image),
                 })
        {
            if (value is not null)
            {
                edited = edited.With(member, value);
            }
        }

        return edited;
    }

    private void PutInState(SimMachine machine, string state)
    {
        SetAlive(machine, false);
        if (state == States.Started)
        {
            var version = machine.App.Secrets.Latest.Version;
            Boot(machine, Environment(machine, version), version);
            if (machine.HostOk)
            {
                return;
            }

            SetAlive(machine, false);
        }
        else if (state == States.Destroyed)
        {
            Destroyed(machine);
        }
        else
        {
            machine.StartableAt = state == States.Created ? Now : null;
            SetState(machine, state);
        }
    }
}
