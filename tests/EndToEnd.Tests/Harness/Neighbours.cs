using System.Text.Json;

namespace EndToEnd.Tests.Harness;

/// <summary>What else is at Fly and must never be touched: the shared backend, a look-alike in our organisation, and another customer's app.</summary>
internal static class Neighbours
{
    public const string SharedBackend = "vyx-app";

    public static IReadOnlyList<string> Names { get; } = [SharedBackend, "vyx-user-00000001", "somebody-elses-app"];

    public static async Task PlantAsync(FlySimClient fly)
    {
        await fly.PlantAppAsync(new PlantApp { Name = SharedBackend, Machines = [Machine("sin")] });
        await fly.PlantAppAsync(new PlantApp { Name = "vyx-user-00000001", Machines = [Machine("sjc")] });
        await fly.PlantAppAsync(new PlantApp { Name = "somebody-elses-app", Org = "another-customer", Machines = [Machine("sjc")] });
    }

    /// <summary>Fails when one of them is not as it was planted.</summary>
    public static void CheckUntouched(SimState state, IReadOnlyList<LoggedCall> calls)
    {
        foreach (var name in Names)
        {
            var app = state.App(name);
            Assert.True(app is not null, $"{name} was removed");
            var machine = Assert.Single(app.Machines);
            Assert.True(machine is { State: "started", Versions: 1, Running: true }, $"{name} was touched: {JsonSerializer.Serialize(machine)}");
            Assert.True(app.SecretsVersion == 0, $"{name} was given secrets");
        }

        Assert.DoesNotContain(calls, c => c.Mutating && Names.Contains(c.App));
    }

    private static PlantMachine Machine(string region) => new()
    {
        Region = region,
        Config = new JsonObject
        {
            ["image"] = World.Image,
            ["env"] = new JsonObject { ["SUPABASE_URL"] = "https://project.supabase.co", ["SUPABASE_SERVICE_KEY"] = "theirs" },
        },
    };
}
