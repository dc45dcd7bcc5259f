namespace EndToEnd.Tests;

/// <summary>Somebody changes things at Fly by hand, and they are put right.</summary>
public sealed class DriftTests : WorldTest
{
    [Fact]
    public async Task A_destroyed_machine_is_replaced()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.DestroyMachineAsync(row.App, machine.Id);

        var (_, successor) = await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
        Assert.Equal("sin", successor.Region);
    }

    [Fact]
    public async Task A_stopped_machine_is_started()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var since = await World.NowAsync();

        await World.Fly.StopMachineAsync(row.App, machine.Id);

        await World.EventuallyAsync(async () => (await World.ChangesAsync(since)).Count > 0, "something is done about it");
        Assert.Equal(machine.Id, (await World.ConvergedAsync(user)).Machine.Id);
        Assert.Equal(["machines.start"], (await World.ChangesAsync(since)).Select(c => c.Operation));
    }

    [Fact]
    public async Task A_failed_machine_is_recovered_in_place()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var since = await World.NowAsync();

        await World.Fly.FailMachineAsync(row.App, machine.Id);

        await World.EventuallyAsync(async () => (await World.ChangesAsync(since)).Count > 0, "something is done about it");
        Assert.Equal(machine.Id, (await World.ConvergedAsync(user)).Machine.Id);
        Assert.DoesNotContain(await World.ChangesAsync(since), c => c.Operation == "machines.delete");
    }

    [Theory]
    [InlineData("stopped")]
    [InlineData("started")]
    public async Task A_second_machine_is_destroyed_and_the_elected_one_stays(string state)
    {
        World.PlantedOverlap = state == "started";
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        var config = (JsonObject)(await World.ReadMachineAsync(row.App, machine.Id))["config"]!;
        var second = await World.Fly.PlantMachineAsync(row.App, new PlantMachine { Name = "by-hand", State = state, Region = "sin", Config = config });

        await World.EventuallyAsync(
            async () => (await World.AppAsync(row.App))!.Machines.Single(m => m.Id == second.Id).State == "destroyed", "the second is destroyed");
        Assert.Equal(machine.Id, (await World.ConvergedAsync(user)).Machine.Id);
    }

    [Fact]
    public async Task A_machine_in_the_wrong_region_is_replaced_and_its_successor_made_only_when_it_is_gone()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var since = await World.NowAsync();

        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine { Region = "sjc" });

        var (after, _) = await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id && m.Region == "sin");
        Assert.Equal("sin", after.Region);
        Assert.Equal(["machines.delete", "machines.create", "machines.start"], (await World.ChangesAsync(since)).Select(c => c.Operation));
        var calls = await World.Fly.CallsAsync(since);
        var proven = calls.First(c => c.Operation == "machines.get" && c.Machine == machine.Id && c.Seq > calls.First(d => d.Operation == "machines.delete").Seq);
        Assert.True(proven.Seq < calls.First(c => c.Operation == "machines.create").Seq);
    }

    [Theory]
    [InlineData("guest")]
    [InlineData("image")]
    [InlineData("env")]
    [InlineData("checks")]
    [InlineData("restart")]
    [InlineData("secrets in clear")]
    public async Task A_machine_that_was_changed_by_hand_is_changed_back_in_place(string what)
    {
        World.Environment["Reconciler__Env__LOG_LEVEL"] = "info";
        await World.Fly.RegisterImageAsync("registry.fly.io/vyx-app:by-hand");
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var wished = await World.ReadMachineAsync(row.App, machine.Id);
        var since = await World.NowAsync();

        var config = (JsonObject)wished["config"]!.DeepClone();
        switch (what)
        {
            case "guest":
                config["guest"] = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 1, ["memory_mb"] = 256 };
                break;
            case "image":
                config["image"] = "registry.fly.io/vyx-app:by-hand";
                break;
            case "env":
                config["env"]!["LOG_LEVEL"] = "debug";
                break;
            case "checks":
                config.Remove("checks");
                break;
            case "restart":
                config["restart"] = new JsonObject { ["policy"] = "no" };
                break;
            default:
                config["env"]!["GEMINI_API_KEY"] = Configuration.Gemini;
                break;
        }

        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine { Config = config });

        await World.EventuallyAsync(async () => (await World.ChangesAsync(since)).Count > 0, "something is done about it");
        var (_, repaired) = await World.ConvergedAsync(user);
        Assert.Equal(machine.Id, repaired.Id);
        var now = await World.ReadMachineAsync(row.App, machine.Id);
        foreach (var member in (string[])["guest", "image", "env", "checks", "restart"])
        {
            Assert.True(JsonNode.DeepEquals(wished["config"]![member], now["config"]![member]), now["config"]!.ToJsonString());
        }

        Assert.Equal(["machines.update"], (await World.ChangesAsync(since)).Select(c => c.Operation));
    }

    [Fact]
    public async Task Edited_metadata_is_put_right_without_a_restart()
    {
        World.AuditOften();
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var since = await World.NowAsync();

        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine
        {
            Metadata = new JsonObject(machine.Metadata!.Select(m => KeyValuePair.Create(m.Key, m.Value?.ToString() == user.ToString() ? null : m.Value?.DeepClone()))
                .Where(m => m.Value is not null)),
            NewVersion = false,
        });

        await World.EventuallyAsync(
            async () => await World.MachineAsync(row.App) is { } now && JsonNode.DeepEquals(now.Metadata, machine.Metadata), "the metadata is back");
        Assert.All(await World.ChangesAsync(since), c => Assert.StartsWith("metadata.", c.Operation, StringComparison.Ordinal));
        Assert.Equal(machine.InstanceId, (await World.ConvergedAsync(user)).Machine.InstanceId);
    }

    [Fact]
    public async Task A_tampered_secret_is_found_by_the_audit_set_again_and_booted_with()
    {
        World.AuditOften();
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.TamperSecretsAsync(row.App, new Dictionary<string, string?> { ["GEMINI_API_KEY"] = "somebody-elses", ["USER_ID"] = null });

        await World.ConvergedAsync(user, (_, m) => m.BootSecretsVersion > machine.BootSecretsVersion);
        var app = await World.AppAsync(row.App);
        Assert.Equal(FlySimClient.HashOf(Configuration.Gemini), app!.SecretHashes["GEMINI_API_KEY"]);
        Assert.Equal(FlySimClient.HashOf(user.ToString()), app.SecretHashes["USER_ID"]);
        Assert.Contains("error_occurred", await World.EventsAsync(user));
    }

    [Fact]
    public async Task A_machine_on_a_host_that_does_not_answer_is_waited_for_and_is_fine_when_it_returns()
    {
        World.AuditOften();
        await World.StartReadyAsync(("Reconciler__UnreachableAfter", "01:00:00"));
        var (user, row, machine) = await World.ProvisionAsync();
        var since = await World.NowAsync();

        await World.Fly.HostDownAsync(row.App, machine.Id, programRunsOn: true);
        await World.EventuallyRowAsync(user, r => r.Is("Degraded", "True", "HostUnreachable") && r.Is("Ready", "False"), "the row says so");
        await World.Fly.HostUpAsync(row.App, machine.Id);

        Assert.Equal(machine.Id, (await World.ConvergedAsync(user)).Machine.Id);
        Assert.Empty(await World.ChangesAsync(since));
    }

    [Fact]
    public async Task A_host_that_stays_away_costs_the_machine_but_no_second_one_is_made_before_the_first_is_gone()
    {
        World.AuditOften();
        await World.StartReadyAsync(("Reconciler__UnreachableAfter", "00:00:01"));
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.HostDownAsync(row.App, machine.Id, programRunsOn: true);
        await World.EventuallyAsync(async () => (await World.ChangesAsync()).Any(c => c.Operation == "machines.delete"), "its destruction is asked for");
        await World.LooksAsync(6);
        Assert.Single(await World.ChangesAsync(), c => c.Operation == "machines.create");

        await World.Fly.HostUpAsync(row.App, machine.Id);
        await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
    }

    [Fact]
    public async Task An_app_deleted_by_hand_is_made_again_for_the_same_row()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.RemoveAppAsync(row.App);

        var (after, _) = await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
        Assert.Equal((row.Id, row.App), (after.Id, after.App));
    }

    [Fact]
    public async Task A_paused_user_is_left_alone_until_the_pause_ends()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        await World.Database.ExecuteAsync("select fly_reconciler.pause($1, 'ops', 'looking at it')", user);
        await World.EventuallyRowAsync(user, r => r.Generation == r.ObservedGeneration && r.Is("Ready", "False", "Paused"), "the pause is seen");
        var since = await World.NowAsync();

        await World.Fly.DestroyMachineAsync(row.App, machine.Id);
        await World.LooksAsync(6);
        Assert.Empty(await World.ChangesAsync(since));

        await World.Database.ExecuteAsync("select fly_reconciler.unpause($1)", user);
        await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
    }

    [Fact]
    public async Task An_invalid_override_marks_that_user_alone_and_says_what_to_correct()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"region": "mars"}' where user_id = $1""", user);
        var (other, _, _) = await World.ProvisionAsync();

        await World.EventuallyRowAsync(user, r => r.Status == "error" && r.Is("Ready", "False", "InvalidOverride"), "the user is marked");
        Assert.Contains("spec.region", (await World.RowAsync(user)).Error, StringComparison.Ordinal);
        Assert.Equal((machine.Id, true), (await World.MachineAsync(row.App) is { } m ? (m.Id, m.Running) : default));

        await World.Database.ExecuteAsync(
            """update public.user_fly_apps set spec = '{"guest": {"cpus": 4, "memory_mb": 1024}}' where user_id = $1""", user);
        var (corrected, bigger) = await World.ConvergedAsync(user, (r, _) => r.Cpus == 4);
        Assert.Equal((4, 1024, 4), (corrected.Cpus, corrected.MemoryMb, (int)bigger.Guest!["cpus"]!));
        Assert.Equal(2, (await World.RowAsync(other)).Cpus);
    }
}
