using Soak.Stage;

namespace Soak.Soaking;

/// <summary>What people and the platform do to machines behind the controller's back.</summary>
internal sealed class Hands(Arena arena, Random random)
{
    private readonly List<(string App, string Machine)> _down = [];
    private readonly List<(string App, string Machine)> _ill = [];

    public IReadOnlyList<Trick> Tricks() =>
    [
        new("machine stopped", 4, () => OnMachineAsync((app, machine) => arena.Fly.StopMachineAsync(app, machine))),
        new("machine destroyed", 4, () => OnMachineAsync((app, machine) => arena.Fly.DestroyMachineAsync(app, machine))),
        new("machine failed", 2, () => OnMachineAsync((app, machine) => arena.Fly.FailMachineAsync(app, machine))),
        new("guest edited", 3, () => EditAsync(new EditMachine { Guest = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 1, ["memory_mb"] = 256 } })),
        new("image edited", 3, () => EditAsync(new EditMachine { Image = BadDays.AnotherImage })),
        new("variables edited", 2, () => EditAsync(new EditMachine { Env = new JsonObject { ["BY_HAND"] = "1" } })),
        new("metadata removed", 2, () => EditAsync(new EditMachine { Metadata = [] })),
        new("region edited", 2, () => EditAsync(new EditMachine { Region = "sjc" })),
        new("ill", 1, MakeIllAsync),
        new("well again", 2, MakeWellAsync),
        new("secrets tampered", 3, () => OnMachineAsync((app, _) => arena.Fly.TamperSecretsAsync(app, new Dictionary<string, string?> { ["GEMINI_API_KEY"] = "another" }))),
        new("secret removed", 2, () => OnMachineAsync((app, _) => arena.Fly.TamperSecretsAsync(app, new Dictionary<string, string?> { ["RUN_MODE"] = null }))),
        new("app removed", 2, () => OnMachineAsync((app, _) => arena.Fly.RemoveAppAsync(app))),
        new("lease held", 2, () => OnMachineAsync((app, machine) => arena.Fly.HoldLeaseAsync(app, machine, new HoldLease { TtlSeconds = 3 }))),
        new("copy planted", 2, PlantCopyAsync),
        new("host down", 2, () => HostDownAsync(runsOn: false)),
        new("host cut off, program runs on", 2, () => HostDownAsync(runsOn: true)),
        new("host back", 5, HostUpAsync),
    ];

    /// <summary>Hosts do not stay away for ever, and programs not ill.</summary>
    public async Task HealAsync()
    {
        while (await HostUpAsync() || await MakeWellAsync())
        {
        }
    }

    private Task<bool> EditAsync(EditMachine edit) => OnMachineAsync((app, machine) => arena.Fly.EditMachineAsync(app, machine, edit));

    private async Task<bool> OnMachineAsync(Func<string, string, Task> act)
    {
        var candidates = arena.Server.World.Snapshot().Apps
            .Where(a => a.Name.StartsWith("vyx-user-", StringComparison.Ordinal) && !Neighbours.Names.Contains(a.Name) && !a.Deleting)
            .SelectMany(a => a.LiveMachines.Where(m => m.State != "destroying"), static (a, m) => (App: a.Name, m.Id)).ToList();
        if (candidates.Count == 0)
        {
            return false;
        }

        var (app, machine) = candidates[random.Next(candidates.Count)];
        await act(app, machine);
        return true;
    }

    /// <summary>Stopped: a second one that runs would be an overlap of our own making.</summary>
    private Task<bool> PlantCopyAsync() => OnMachineAsync((app, _) => arena.Fly.PlantMachineAsync(app, new PlantMachine
    {
        Region = "sin",
        State = "stopped",
        Config = new JsonObject { ["image"] = Arena.Image },
    }));

    private Task<bool> HostDownAsync(bool runsOn) => OnMachineAsync(async (app, machine) =>
    {
        await arena.Fly.HostDownAsync(app, machine, runsOn);
        _down.Add((app, machine));
    });

    private Task<bool> MakeIllAsync() => OnMachineAsync(async (app, machine) =>
    {
        await arena.Fly.EditMachineAsync(app, machine, new EditMachine { Healthy = false });
        _ill.Add((app, machine));
    });

    private Task<bool> MakeWellAsync() =>
        OnFirstAsync(_ill, (app, machine) => arena.Fly.EditMachineAsync(app, machine, new EditMachine { Healthy = true }));

    private Task<bool> HostUpAsync() => OnFirstAsync(_down, (app, machine) => arena.Fly.HostUpAsync(app, machine));

    private static async Task<bool> OnFirstAsync(List<(string App, string Machine)> waiting, Func<string, string, Task> act)
    {
        if (waiting.Count == 0)
        {
            return false;
        }

        var (app, machine) = waiting[0];
        waiting.RemoveAt(0);
        try
        {
            await act(app, machine);
        }
        catch (HttpRequestException)
        {
            // It was removed meanwhile.
        }

        return true;
    }
}
