namespace EndToEnd.Tests;

/// <summary>What went wrong in production before there was a controller, each by its name.</summary>
public sealed class SeedProblemTests : WorldTest
{
    private const string Missing = "registry.fly.io/vyx-app:deployment-99";
    private const string NewKey = "sb_secret_another_key_not_known_yet";

    [Fact]
    public async Task Problem_1_a_returning_user_met_a_unique_constraint_and_now_gets_the_same_row()
    {
        await World.StartReadyAsync();
        var user = await World.Data.CreateUserAsync("free");
        var row = await World.Data.CreateAppRowAsync(user, "vyx-user-0000abcd", status: "deleted", deletedAt: DateTime.UtcNow.AddDays(-3));

        await World.Data.SetTierAsync(user, "pro");

        var (after, _) = await World.ConvergedAsync(user);
        Assert.Equal((row, false), (after.Id, after.Deleted));
    }

    [Fact]
    public async Task Problem_2_the_environment_was_lost_at_a_restart_and_now_survives_one()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        // A restart from outside, with nothing given: Fly boots the machine with its config and the app's secrets.
        using var http = new HttpClient { BaseAddress = World.Server.BaseAddress };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Harness.World.Token);
        using var answer = await http.PostAsync($"v1/apps/{row.App}/machines/{machine.Id}/restart", null);
        Assert.True(answer.IsSuccessStatusCode);

        var (_, restarted) = await World.ConvergedAsync(user);
        Assert.Equal(machine.BootEnvHashes, restarted.BootEnvHashes);
        Assert.True(restarted.BootEnvHashes.ContainsKey("SUPABASE_SERVICE_ROLE_KEY"));
    }

    [Fact]
    public async Task Problem_3_an_image_tag_that_does_not_exist_touches_nothing_and_is_taken_up_when_it_is_pushed()
    {
        var daemon = await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        Assert.Equal(0, await daemon.TerminateAsync());
        var since = await World.NowAsync();

        World.AuditOften();
        await World.StartReadyAsync(("DOCKER_IMAGE", Missing));
        await World.EventuallyRowAsync(user, r => r.Is("ImageResolved", "False") && r.Is("Ready", "True"), "the row says that the image is missing");
        Assert.Contains("deployment-99", (string?)(await World.RowAsync(user)).Condition("ImageResolved")!["message"], StringComparison.Ordinal);
        Assert.Empty(await World.ChangesAsync(since));
        Assert.Equal((machine.InstanceId, true), (await World.MachineAsync(row.App) is { } m ? (m.InstanceId, m.Running) : default));

        await World.Fly.RegisterImageAsync(Missing);
        var (after, updated) = await World.ConvergedAsync(user, (r, _) => r.Image == Missing);
        Assert.Equal(machine.Id, updated.Id);
        Assert.True(after.Is("ImageResolved", "True"));
    }

    [Fact]
    public async Task Problem_3_without_any_image_a_new_user_waits_and_nothing_is_half_made()
    {
        await World.StartReadyAsync(("DOCKER_IMAGE", Missing));
        var user = await World.Data.CreateUserAsync("pro");

        await World.EventuallyRowAsync(user, r => r.Status == "error" && r.Is("ImageResolved", "False"), "the row says why");
        Assert.Contains("provision_failed", await World.EventsAsync(user));
        Assert.Empty(await World.ChangesAsync());

        await World.Fly.RegisterImageAsync(Missing);
        await World.ConvergedAsync(user);
    }

    [Fact]
    public async Task Problem_4_and_5_a_machine_with_fly_s_defaults_of_region_and_size_is_made_right()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine
        {
            Region = "sjc",
            Guest = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 1, ["memory_mb"] = 256 },
        });

        var (after, successor) = await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
        Assert.Equal(("sin", 2, 512), (after.Region, after.Cpus, after.MemoryMb));
        Assert.Equal(("sin", 2, 512), (successor.Region, (int)successor.Guest!["cpus"]!, (int)successor.Guest["memory_mb"]!));
    }

    [Fact]
    public async Task Problem_6_a_wrong_service_key_is_not_rolled_out_and_running_machines_go_on()
    {
        World.SecretValues.Add(NewKey);
        await World.Fly.SetSupabaseKeysAsync(new SupabaseKeys { Good = [Harness.World.ServiceKey] });
        var daemon = await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        Assert.Equal(0, await daemon.TerminateAsync());
        var since = await World.NowAsync();

        World.AuditOften();
        World.Environment["SUPABASE_SERVICE_ROLE_KEY"] = NewKey;
        daemon = await World.StartReadyAsync();
        var waiting = await World.Data.CreateUserAsync("pro");
        await World.EventuallyRowAsync(user, r => r.Is("SecretsSynced", "False", "ServiceKeyInvalid"), "the row says that the key is bad");
        await World.EventuallyRowAsync(waiting, r => r.Status == "error" && r.Error!.Contains("SUPABASE_SERVICE_ROLE_KEY", StringComparison.Ordinal), "a new user waits");
        Assert.Empty(await World.ChangesAsync(since));
        Assert.Equal((machine.InstanceId, true), (await World.MachineAsync(row.App) is { } m ? (m.InstanceId, m.Running) : default));
        Assert.Equal(0, await daemon.TerminateAsync());

        await World.Fly.SetSupabaseKeysAsync(new SupabaseKeys { Good = [NewKey] });
        await World.StartReadyAsync();
        var (_, rotated) = await World.ConvergedAsync(
            user, (_, m) => m.BootEnvHashes["SUPABASE_SERVICE_ROLE_KEY"] == FlySimClient.HashOf(NewKey));
        Assert.Equal((machine.Id, FlySimClient.HashOf(NewKey)), (rotated.Id, rotated.BootEnvHashes["SUPABASE_SERVICE_KEY"]));
        await World.ConvergedAsync(waiting);
    }

    [Fact]
    public async Task Problem_7_there_were_no_checks_no_retries_and_rows_that_said_nothing_true()
    {
        await World.StartReadyAsync();
        await World.Fly.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorBefore, Operation = "machines.create", Status = 500 });
        var user = await World.Data.CreateUserAsync("pro");

        await World.EventuallyRowAsync(user, r => r is { Status: "error", Retries: > 1, Error: not null } && r.Is("Ready", "False"), "the row tells of the failure");
        Assert.NotNull((await World.RowAsync(user)).Json["next_attempt_at"]);
        Assert.Single(await World.EventsAsync(user), "provision_failed");

        await World.Fly.ClearFaultsAsync();
        var (row, machine) = await World.ConvergedAsync(user);
        Assert.Null(row.Error);
        Assert.Equal("/health", (string?)(await World.ReadMachineAsync(row.App, machine.Id))["config"]!["checks"]!["health"]!["path"]);
    }
}
