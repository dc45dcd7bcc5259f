namespace EndToEnd.Tests;

/// <summary>Processes die, lose the lease, and stand beside each other.</summary>
public sealed class CrashTests : WorldTest
{
    [Fact]
    public async Task A_daemon_killed_after_any_step_of_a_provisioning_leaves_nothing_that_the_next_one_does_not_finish()
    {
        await World.Fly.ChangeSettingsAsync(s => s with { LatencyMs = 30 });
        World.Environment["Reconciler__LeaseTtl"] = "00:00:04"; // each of six daemons waits for its predecessor's to end
        World.Environment["Reconciler__LeaseRenew"] = "00:00:00.5";
        var users = new List<Guid>();
        for (var step = 0; step <= 5; step++)
        {
            var daemon = await World.StartReadyAsync();
            var since = await World.NowAsync();
            users.Add(await World.Data.CreateUserAsync("pro"));
            await World.EventuallyAsync(async () => (await World.Fly.CallsAsync(since, mutatingOnly: true)).Count >= step, $"{step} calls");
            await daemon.KillAsync();
        }

        await World.StartReadyAsync();
        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
        }

        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.intents"));
        var state = await World.Fly.StateAsync();
        Assert.All(await World.RowsAsync(), row => Assert.Single(state.App(row.App)!.LiveMachines));
        Assert.Equal(users.Count + Neighbours.Names.Count, state.Apps.Count);
    }

    [Fact]
    public async Task When_the_leader_is_killed_a_standby_takes_over_and_a_higher_epoch_says_so()
    {
        var leader = await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        var epoch = await EpochAsync();
        var standby = await World.StartReadyAsync();
        await World.EventuallyAsync(() => Task.FromResult(standby.Text.Contains("Standing by", StringComparison.OrdinalIgnoreCase)), "it stands by");

        await leader.KillAsync();
        await World.Fly.DestroyMachineAsync(row.App, machine.Id);

        await World.ConvergedAsync(user, (_, m) => m.Id != machine.Id);
        Assert.True(await EpochAsync() > epoch);
        Assert.False(standby.HasExited);
    }

    [Fact]
    public async Task Asked_to_end_the_leader_finishes_what_is_under_way_gives_the_lease_back_and_exits_0()
    {
        await World.Fly.ChangeSettingsAsync(s => s with { LatencyMs = 100 });
        var daemon = await World.StartReadyAsync();
        var since = await World.NowAsync();
        var user = await World.Data.CreateUserAsync("pro");
        await World.EventuallyAsync(async () => (await World.ChangesAsync(since)).Count > 0, "the provisioning has begun");

        Assert.Equal(0, await daemon.TerminateAsync());

        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.lease where expires_at > now()"));
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.intents"));
        var row = await World.RowAsync(user);
        var machine = await World.MachineAsync(row.App);
        Assert.Equal(machine?.Id, row.MachineId);

        await World.StartReadyAsync();
        await World.ConvergedAsync(user);
    }

    [Fact]
    public async Task Two_leaders_at_once_never_run_two_machines_and_end_with_one()
    {
        // As if the lease did not exist: each has one of its own.
        await World.StartReadyAsync(("Reconciler__LeaseName", "one"), ("Reconciler__DeprovisionGrace", "00:00:02"));
        await World.StartReadyAsync(("Reconciler__LeaseName", "two"), ("Reconciler__DeprovisionGrace", "00:00:02"));
        var users = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        var machines = new List<(AppRow Row, MachineState Machine)>();
        foreach (var user in users)
        {
            machines.Add(await World.ConvergedAsync(user));
        }

        await World.Fly.DestroyMachineAsync(machines[0].Row.App, machines[0].Machine.Id);
        await World.Fly.EditMachineAsync(machines[1].Row.App, machines[1].Machine.Id, new EditMachine { Region = "sjc" });
        await World.Data.SetTierAsync(users[2], "free");
        await World.Fly.StopMachineAsync(machines[3].Row.App, machines[3].Machine.Id);

        await World.ConvergedAsync(users[0], (_, m) => m.Id != machines[0].Machine.Id);
        await World.ConvergedAsync(users[1], (_, m) => m.Region == "sin");
        await World.ConvergedAsync(users[3]);
        await World.EventuallyRowAsync(users[2], r => r.Status == "deleted", "the third is gone");
        await World.Data.SetTierAsync(users[2], "elite");
        await World.ConvergedAsync(users[2]);

        var state = await World.Fly.StateAsync();
        Assert.All(await World.RowsAsync(), row => Assert.Single(state.App(row.App)!.LiveMachines));
    }

    private Task<long> EpochAsync() => World.Database.ScalarAsync<long>("select epoch from fly_reconciler.lease");
}
