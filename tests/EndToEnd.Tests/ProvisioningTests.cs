namespace EndToEnd.Tests;

public sealed class ProvisioningTests : WorldTest
{
    [Fact]
    public async Task A_new_pro_user_gets_a_machine_in_singapore_with_two_cpus_512_MB_and_all_nine_secrets()
    {
        await World.StartReadyAsync();
        var since = await World.NowAsync();
        var user = await World.Data.CreateUserAsync("pro");

        var (row, machine) = await World.ConvergedAsync(user);

        Assert.Equal("sin", machine.Region);
        Assert.Equal((2, 512), ((int)machine.Guest!["cpus"]!, (int)machine.Guest["memory_mb"]!));
        var expected = new Dictionary<string, string>
        {
            ["USER_ID"] = user.ToString(),
            ["RUN_MODE"] = "user_dedicated",
            ["SUPABASE_URL"] = World.Environment["SUPABASE_URL"]!,
            ["SUPABASE_SERVICE_KEY"] = Harness.World.ServiceKey,
            ["SUPABASE_SERVICE_ROLE_KEY"] = Harness.World.ServiceKey,
            ["GEMINI_API_KEY"] = Configuration.Gemini,
            ["BRAINTRUST_API_KEY"] = Configuration.Braintrust,
            ["BRAINTRUST_PROJECT_ID"] = Configuration.BraintrustProject,
            ["OPENROUTER_API_KEY"] = Configuration.OpenRouter,
        };
        var app = await World.AppAsync(row.App);
        Assert.Equal(expected.Keys.Order(), app!.SecretHashes.Keys.Order());
        Assert.All(expected, secret => Assert.Equal(FlySimClient.HashOf(secret.Value), machine.BootEnvHashes[secret.Key]));
        Assert.Empty(machine.EnvNames.Intersect(expected.Keys));

        Assert.Equal(("sin", 2, 512, Harness.World.Image), (row.Region, row.Cpus, row.MemoryMb, row.Image));
        Assert.Equal("pro", row.Tier);
        Assert.NotNull(row.DeployedAt);
        Assert.Equal(4.04m, row.Cost);
        Assert.Null(row.Error);
        foreach (var condition in (string[])["Ready", "ImageResolved", "SecretsSynced", "Healthy"])
        {
            Assert.True(row.Is(condition, "True"), row.ToString());
        }

        Assert.True(row.Is("Progressing", "False") && row.Is("Degraded", "False"), row.ToString());
        var changes = await World.ChangesAsync(since);
        Assert.Equal(["apps.create", "secrets.update", "machines.create", "machines.start"], changes.Select(c => c.Operation));
        Assert.All(changes, c => Assert.InRange(c.Status, 200, 299));
    }

    [Fact]
    public async Task The_machine_reports_user_dedicated_mode_and_the_users_id()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync("elite");

        using var http = new HttpClient();
        var health = JsonNode.Parse(await http.GetStringAsync(new Uri(World.Server.BaseAddress, $"_vm/{row.App}/{machine.Id}/health")))!;

        Assert.Equal("user_dedicated", (string?)health["run_mode"]);
        Assert.Equal(user.ToString(), (string?)health["user_id"]);
    }

    [Fact]
    public async Task The_journal_tells_the_story_of_a_provisioning_once()
    {
        await World.StartReadyAsync();
        var (user, _, _) = await World.ProvisionAsync();
        await World.LooksAsync(6);

        var events = await World.EventsAsync(user);

        Assert.Equal("provision_requested", events[0]);
        Assert.Single(events, "provision_completed");
        Assert.Single(events, "health_check_passed");
        Assert.Contains("provision_started", events);
        Assert.DoesNotContain(events, e => e.EndsWith("failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Free_cancelled_and_expired_users_get_nothing_and_a_past_due_one_keeps_the_machine()
    {
        await World.StartReadyAsync();
        var free = await World.Data.CreateUserAsync("free");
        var cancelled = await World.Data.CreateUserAsync("pro", status: "cancelled");
        var expired = await World.Data.CreateUserAsync("pro", expiresAt: DateTime.UtcNow.AddDays(-1));
        var pastDue = await World.Data.CreateUserAsync("pro", status: "past_due");

        await World.ConvergedAsync(pastDue);
        await World.LooksAsync(3);

        Assert.Null(await World.TryRowAsync(free));
        Assert.Null(await World.TryRowAsync(cancelled));
        Assert.Null(await World.TryRowAsync(expired));
        Assert.Single(await World.ChangesAsync(), c => c.Operation == "apps.create");
    }

    [Fact]
    public async Task A_restarted_machine_keeps_its_variables()
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.StopMachineAsync(row.App, machine.Id);
        var (_, restarted) = await World.ConvergedAsync(user);

        Assert.Equal(machine.Id, restarted.Id);
        Assert.Equal(machine.BootEnvHashes, restarted.BootEnvHashes);
    }

    [Fact]
    public async Task A_notification_alone_brings_the_daemon_to_look_at_a_user()
    {
        // Nothing else can: the informer is blind, no schedule is due, and the query for missed changes finds no change to miss.
        await World.StartReadyAsync();
        var (user, row, _) = await World.ProvisionAsync();
        await World.Fly.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorBefore, Operation = "orgs.machines", Status = 503 });
        var since = await World.NowAsync();

        await World.Database.ExecuteAsync("select pg_notify('fly_reconciler', $1)", user.ToString());

        await World.EventuallyAsync(
            async () => (await World.Fly.CallsAsync(since)).Any(c => c.App == row.App && c.Operation == "machines.list"), "a look at the user");
        await World.Fly.ClearFaultsAsync();
    }
}
