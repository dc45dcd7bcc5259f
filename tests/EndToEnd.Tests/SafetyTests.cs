namespace EndToEnd.Tests;

/// <summary>A wrong input cannot destroy the fleet.</summary>
public sealed class SafetyTests : WorldTest
{
    [Fact]
    public async Task A_sudden_loss_of_all_users_stops_nobody_until_an_operator_says_so()
    {
        await World.StartReadyAsync();
        var users = new List<Guid>();
        for (var i = 0; i < 8; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
        }

        // The guard counts when somebody is looked at, and every 30 s: what it never counted, it cannot miss.
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<int>(
                "select coalesce(max((s ->> 'entitled')::int), 0) from fly_reconciler.fleet, jsonb_array_elements(value -> 'samples') s where key = 'census'") == 8,
            "the guard has counted all eight");
        var since = await World.NowAsync();
        await World.Database.ExecuteAsync("update public.user_subscriptions set tier = 'free'");
        foreach (var user in users)
        {
            await World.EventuallyRowAsync(user, r => r.Is("Ready", "False", "ShrinkTripwire"), "the user is held");
        }

        await World.LooksAsync(5);
        Assert.Empty(await World.ChangesAsync(since));
        var (_, status) = await World.RunAsync("status", "--json");
        Assert.Contains("8 of 8 users", (string)JsonNode.Parse(status.Output)!["hold"]!, StringComparison.Ordinal);

        var (exit, release) = await World.RunAsync("release-hold", "--owner", "ops", "--reason", "a sale of the company");
        Assert.True(exit == 0, release.Text);
        await World.RunAsync("force");
        foreach (var user in users)
        {
            await World.EventuallyRowAsync(user, r => r.Status == "deprovisioning" && r.Is("Ready", "False", "StoppedInGrace"), "the user is stopped");
        }

        Assert.DoesNotContain(await World.ChangesAsync(since), c => c.Operation is "machines.delete" or "apps.delete");
    }

    [Fact]
    public async Task The_destroy_budget_limits_how_many_apps_an_hour_takes()
    {
        await World.StartReadyAsync(
            ("Reconciler__DestroyBudget", "1"), ("Reconciler__DestroyBudgetShare", "0"), ("Reconciler__DeprovisionGrace", "00:00:01"));
        var users = new List<(Guid User, AppRow Row, MachineState)>();
        for (var i = 0; i < 3; i++)
        {
            users.Add(await World.ProvisionAsync());
        }

        foreach (var user in users)
        {
            await World.Data.SetTierAsync(user.User, "free");
        }

        await World.EventuallyAsync(
            async () => (await World.RowsAsync()).Count(r => r.Status == "deleted") == 1
                && (await World.RowsAsync()).Count(r => r.Is("Degraded", "True", "DestroyBudget")) == 2,
            "one is destroyed and two wait");
        await World.LooksAsync(5);
        Assert.Single(await World.ChangesAsync(), c => c.Operation == "apps.delete");
        Assert.Equal(3, (await World.ChangesAsync()).Count(c => c.Operation == "machines.stop"));
    }

    [Theory]
    [InlineData(FaultKinds.EmptyList)]
    [InlineData(FaultKinds.ErrorRegion)]
    [InlineData(FaultKinds.MissingPage)]
    [InlineData(FaultKinds.Html)]
    public async Task A_list_that_is_empty_or_partial_destroys_and_creates_nothing(string kind)
    {
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var (other, _, _) = await World.ProvisionAsync("elite");
        await World.LooksAsync(2);
        var since = await World.NowAsync();

        await World.Fly.AddFaultAsync(new FaultRule { Kind = kind, Operation = "orgs.machines", Region = "sin" });
        await World.LooksAsync(8);
        Assert.Empty(await World.ChangesAsync(since));

        await World.Fly.ClearFaultsAsync();
        Assert.Equal(machine.Id, (await World.ConvergedAsync(user)).Machine.Id);
        await World.ConvergedAsync(other);
        await World.Fly.StopMachineAsync(row.App, machine.Id); // and what comes afterwards is seen again
        await World.EventuallyAsync(async () => (await World.ChangesAsync(since)).Any(c => c.Operation == "machines.start"), "the machine is started");
    }

    [Fact]
    public async Task Observe_changes_nothing_at_fly_and_nothing_in_the_rows()
    {
        var daemon = await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        await World.LooksAsync(3);
        Assert.Equal(0, await daemon.TerminateAsync());
        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine { Image = "registry.fly.io/vyx-app:by-hand" });
        var added = await World.Data.CreateUserAsync("pro");
        var since = await World.NowAsync();
        var before = await VersionsAsync();

        var observer = await World.StartReadyAsync(("Reconciler__Mode", "Observe"));
        await World.EventuallyAsync(
            () => Task.FromResult(observer.Text.Contains($"update machine {machine.Id}", StringComparison.Ordinal)
                && observer.Text.Contains("create app", StringComparison.Ordinal)),
            "it says what it would do");
        await World.LooksAsync(4);

        Assert.Empty(await World.ChangesAsync(since));
        Assert.Equal(before, await VersionsAsync());
        Assert.Equal((false, "provisioning"), ((await World.RowAsync(added)).Settled, (await World.RowAsync(added)).Status));
        Assert.True((await World.RowAsync(user)).Settled);
    }

    private Task<List<string>> VersionsAsync() => World.Database.ListAsync<string>(
        "select user_id || ' ' || xmin || ' ' || ctid from public.user_fly_apps order by 1");
}
