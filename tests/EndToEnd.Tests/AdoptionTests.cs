namespace EndToEnd.Tests;

/// <summary>What is there before the controller is taken over in place.</summary>
public sealed class AdoptionTests : WorldTest
{
    private const string OldImage = "registry.fly.io/vyx-app:deployment-00";
    private static readonly Guid HandMadeUser = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");

    protected override bool Migrated => false;

    [Fact]
    public async Task The_existing_estate_is_adopted_in_place_hand_made_machine_included()
    {
        await World.Fly.RegisterImageAsync(OldImage);
        const string HandMade = "vyx-user-35682909";
        await World.Data.CreateUserAsync("pro", id: HandMadeUser);
        var handMadeRow = await World.Data.CreateAppRowAsync(HandMadeUser, HandMade);
        await PlantAsync(HandMade, HandMadeUser, "red-waterfall-1234", "sin");
        var old = await World.Data.CreateUserAsync("elite");
        var oldRow = await World.Data.CreateAppRowAsync(old, "vyx-user-0000abcd");
        await PlantAsync("vyx-user-0000abcd", old, "vyx-user-0000abcd-main", "sjc");
        var (handMade, inSanJose) = (await World.MachineAsync(HandMade), await World.MachineAsync("vyx-user-0000abcd"));

        await MigrateAsync();
        await World.StartReadyAsync();

        var (row, machine) = await World.ConvergedAsync(HandMadeUser);
        Assert.Equal((handMadeRow, HandMade, handMade!.Id, "sin"), (row.Id, row.App, machine.Id, machine.Region));
        Assert.Equal((2, 512, Harness.World.Image), (row.Cpus, row.MemoryMb, row.Image));
        Assert.Empty(machine.EnvNames.Intersect(["USER_ID", "SUPABASE_SERVICE_ROLE_KEY", "GEMINI_API_KEY"]));
        Assert.Equal(FlySimClient.HashOf(Harness.World.ServiceKey), machine.BootEnvHashes["SUPABASE_SERVICE_ROLE_KEY"]);
        var config = (await World.ReadMachineAsync(HandMade, machine.Id))["config"]!;
        Assert.NotNull(config["checks"]!["health"]);
        Assert.Equal("kept", (string?)config["metadata"]!["by-hand"]);

        var (moved, successor) = await World.ConvergedAsync(old);
        Assert.Equal((oldRow, "vyx-user-0000abcd", "sin"), (moved.Id, moved.App, moved.Region));
        Assert.NotEqual(inSanJose!.Id, successor.Id);
        Assert.DoesNotContain(await World.Fly.CallsAsync(), c => c.Operation == "apps.create");
    }

    [Fact]
    public async Task A_row_of_a_user_without_a_tier_is_taken_down_and_rows_without_an_app_get_one()
    {
        var gone = await World.Data.CreateUserAsync("free");
        await World.Data.CreateAppRowAsync(gone, "vyx-user-0000abce");
        await World.Fly.RegisterImageAsync(OldImage);
        await PlantAsync("vyx-user-0000abce", gone, "vyx-user-0000abce-main", "sin");
        var without = await World.Data.CreateUserAsync("pro");
        var row = await World.Data.CreateAppRowAsync(without, "vyx-user-0000abcf", status: "error");
        var never = await World.Data.CreateUserAsync("pro");

        await MigrateAsync();
        await World.StartReadyAsync();

        Assert.Equal(row, (await World.ConvergedAsync(without)).Row.Id);
        await World.ConvergedAsync(never);
        await World.EventuallyAsync(
            async () => await World.MachineAsync("vyx-user-0000abce") is { State: "stopped" }, "the machine of the user without a tier is stopped");
    }

    private async Task MigrateAsync()
    {
        var (exit, migrate) = await World.RunAsync([("DATABASE_URL", World.Database.OwnerConnectionString)], "migrate");
        Assert.True(exit == 0, migrate.Text);
    }

    private Task PlantAsync(string app, Guid user, string machine, string region) =>
        World.Fly.PlantAppAsync(OldEstate.App(user, app, machine, region, OldImage));
}
