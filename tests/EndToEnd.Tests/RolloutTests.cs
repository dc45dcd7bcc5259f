namespace EndToEnd.Tests;

/// <summary>A change of the fleet reaches its users one after another.</summary>
public sealed class RolloutTests : RolloutTest
{
    [Fact]
    public async Task A_good_revision_reaches_a_hundred_users_with_never_more_than_five_down_and_one_update_each()
    {
        var users = await FleetAsync(100);
        var since = await World.NowAsync();
        await World.Fly.WatchRunningAsync();

        await World.Fly.MoveTagAsync(Moving, New);
        await SettledOnAsync(New, users.Count);

        var state = await World.Fly.StateAsync();
        Assert.InRange(users.Count - state.FewestUsersRunning, 1, 5);
        var updates = (await World.ChangesAsync(since)).Where(c => c.Operation == "machines.update").GroupBy(c => c.Machine).ToList();
        Assert.Equal(users.Count, updates.Count);
        Assert.All(updates, machine => Assert.Single(machine));
        Assert.Equal(["done", "wave", "wave", "wave", "wave", "started", "first"], await HistoryAsync());
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.rollout_users"));
        Assert.Equal(1, await World.Database.ScalarAsync<long>("select count(distinct runs) from fly_reconciler.user_revisions"));
    }

    [Fact]
    public async Task Killed_leaders_change_nothing_in_the_outcome()
    {
        var users = await FleetAsync(100);
        await World.Fly.WatchRunningAsync();
        var since = await World.NowAsync();
        await World.Fly.MoveTagAsync(Moving, New);
        for (var moved = 1; moved <= 41; moved += 20)
        {
            await MovedAsync(moved);
            await World.Programs[^1].KillAsync();
            await World.StartReadyAsync();
        }

        await SettledOnAsync(New, users.Count);

        Assert.InRange(users.Count - (await World.Fly.StateAsync()).FewestUsersRunning, 1, 5);
        var updates = (await World.ChangesAsync(since)).Where(c => c.Operation == "machines.update").GroupBy(c => c.Machine);
        Assert.All(updates, machine => Assert.InRange(machine.Count(), 1, 2)); // at most the one that was cut off is sent again
    }

    [Fact]
    public async Task A_third_revision_takes_the_place_of_the_second()
    {
        var users = await FleetAsync(100);
        var since = await World.NowAsync();
        await World.Fly.MoveTagAsync(Moving, New);
        await MovedAsync(10);

        await World.Fly.MoveTagAsync(Moving, Digest('c'));
        await SettledOnAsync(Digest('c'), users.Count);

        var updates = (await World.ChangesAsync(since)).Where(c => c.Operation == "machines.update").GroupBy(c => c.Machine).ToList();
        Assert.Equal(users.Count, updates.Count);
        Assert.All(updates, machine => Assert.InRange(machine.Count(), 1, 2));
        Assert.InRange(updates.Count(machine => machine.Count() == 2), 9, 35);
        Assert.DoesNotContain("reverting", await HistoryAsync());
    }

    [Fact]
    public async Task A_users_own_changes_are_served_at_once_during_a_rollout()
    {
        World.Environment["Reconciler__Rollout__Soak"] = "01:00:00";
        var users = await FleetAsync(6);
        await World.Fly.MoveTagAsync(Moving, New);
        await World.EventuallyAsync(async () => (await HistoryAsync()).Contains("wave") && await OnWayAsync() == 0, "the canary is over");
        var rows = (await World.RowsAsync()).Where(r => r.Is("Ready", "True")).ToList();
        var old = (await World.Fly.StateAsync()).Apps.SelectMany(a => a.LiveMachines.Select(m => (a.Name, m.Digest))).Where(m => m.Digest == Old).Select(m => m.Name).ToList();
        var (leaving, changed) = (rows.First(r => r.App == old[0]), rows.First(r => r.App == old[1]));

        var (leaver, changer) = (await UserOfAsync(leaving.App), await UserOfAsync(changed.App));
        await World.Data.SetTierAsync(leaver, "free");
        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"env":{"LOG_LEVEL":"debug"}}' where user_id = $1""", changer);
        var joiner = await World.Data.CreateUserAsync("pro");

        await World.EventuallyAsync(async () => await World.MachineAsync(leaving.App) is { State: "stopped" }, "the one who left is stopped");
        await World.EventuallyAsync(
            async () => await World.MachineAsync(changed.App) is { } m && m.EnvNames.Contains("LOG_LEVEL") && m.Digest == Old, "the other has the change and the old image");
        Assert.Equal(Old, (await World.ConvergedAsync(joiner)).Machine.Digest);
        Assert.Single((await World.Fly.StateAsync()).Apps.SelectMany(a => a.LiveMachines), m => m.Digest == New);
        Assert.Equal(6, users.Count);
    }

    [Fact]
    public async Task A_new_key_rolls_user_by_user_and_can_be_taken_back_while_the_old_one_is_known()
    {
        const string NewKey = "sb_secret_another_service_role_key";
        World.SecretValues.Add(NewKey);
        var users = await FleetAsync(6);
        await World.Fly.SetSupabaseKeysAsync(new SupabaseKeys { Good = [Harness.World.ServiceKey, NewKey] });
        await World.Programs[^1].TerminateAsync();

        World.Environment["SUPABASE_SERVICE_ROLE_KEY"] = NewKey;
        World.Environment["SUPABASE_SERVICE_ROLE_KEY_PREVIOUS"] = Harness.World.ServiceKey;
        World.Environment["Reconciler__Rollout__Secrets__Soak"] = "01:00:00";
        await World.StartReadyAsync();
        await World.EventuallyAsync(async () => await WithKeyAsync(NewKey) == 1 && await OnWayAsync() == 0, "the canary has the new key");
        Assert.Equal(5, await WithKeyAsync(Harness.World.ServiceKey));

        Assert.Equal(0, (await World.RunAsync("rollout", "abort", "--owner", "ann", "--reason", "it smells")).Exit);
        await World.EventuallyAsync(async () => await WithKeyAsync(Harness.World.ServiceKey) == 6, "the canary has the old key again");
        await World.EventuallyAsync(async () => (await HistoryAsync())[0] == "reverted", "the revert is over");

        Assert.Equal(0, (await World.RunAsync("rollout", "retry", "--owner", "ann", "--reason", "it was the cheese")).Exit);
        await World.EventuallyAsync(async () => await WithKeyAsync(NewKey) == 1 && await OnWayAsync() == 0, "the canary has the new key again");
        Assert.Equal(0, (await World.RunAsync("rollout", "promote", "--owner", "ann", "--reason", "it is fine")).Exit);
        await World.EventuallyAsync(async () => await WithKeyAsync(NewKey) == 6, "everybody has the new key");
        Assert.Equal(6, users.Count);
    }

    [Fact]
    public async Task Without_the_old_key_a_revert_says_what_it_needs()
    {
        const string NewKey = "sb_secret_another_service_role_key";
        World.SecretValues.Add(NewKey);
        await FleetAsync(4);
        await World.Fly.SetSupabaseKeysAsync(new SupabaseKeys { Good = [Harness.World.ServiceKey, NewKey] });
        await World.Programs[^1].TerminateAsync();
        World.Environment["SUPABASE_SERVICE_ROLE_KEY"] = NewKey;
        World.Environment["Reconciler__Rollout__Soak"] = "01:00:00";
        await World.StartReadyAsync();
        await World.EventuallyAsync(async () => await WithKeyAsync(NewKey) == 1 && await OnWayAsync() == 0, "the canary has the new key");

        await World.RunAsync("rollout", "abort", "--owner", "ann", "--reason", "it smells");

        await World.EventuallyAsync(async () => (await HistoryAsync()).Contains("revert_failed"), "it calls for help");
        Assert.Contains("_PREVIOUS", await WhyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_deployment_of_the_followed_app_is_noticed_within_one_poll_and_rolled_out()
    {
        World.Environment["DOCKER_IMAGE"] = "follow:vyx-backend";
        await World.Fly.RegisterImageAsync("registry.fly.io/vyx-app:deployment-02");
        await World.Fly.PlantAppAsync(new PlantApp { Name = "vyx-backend", Machines = [new PlantMachine { Region = "sin", Config = Backend(Harness.World.Image) }] });
        await World.StartReadyAsync();
        var (user, row, before) = await World.ProvisionAsync();
        var deployed = (await World.MachineAsync("vyx-backend"))!.Id;
        var since = await World.NowAsync();

        await World.Fly.EditMachineAsync(
            "vyx-backend", deployed, new EditMachine { Config = Backend("registry.fly.io/vyx-app:deployment-02") });

        await World.ConvergedAsync(user, (r, m) => m.Digest != before.Digest && r.Image.EndsWith("deployment-02", StringComparison.Ordinal));
        var calls = await World.Fly.CallsAsync(since);
        var update = calls.First(c => c.Operation == "machines.update" && c.App == row.App);
        Assert.InRange(calls.Count(c => c.Operation == "machines.list" && c.App == "vyx-backend" && c.Seq < update.Seq), 1, 4);
    }

    [Fact]
    public async Task An_operator_pauses_sees_and_resumes()
    {
        World.Environment["Reconciler__Rollout__Waves"] = "0.5,1";
        World.Environment["Reconciler__Rollout__MaxUnavailable"] = "1";
        var users = await FleetAsync(12);
        await World.Fly.MoveTagAsync(Moving, New);
        await MovedAsync(2);

        Assert.Equal(0, (await World.RunAsync("rollout", "pause", "--owner", "ann", "--reason", "lunch", "--for", "02:00:00")).Exit);
        await StandsAsync();
        var (exit, status) = await World.RunAsync("rollout", "status", "--json");
        var json = JsonNode.Parse(status.Output)!;
        Assert.Equal((1, "ann", "lunch"), (exit, (string?)json["pause"]!["owner"], (string?)json["pause"]!["reason"]));
        Assert.Contains("paused by ann: lunch", (string?)json["why"], StringComparison.Ordinal);
        Assert.Contains("paused by ann", (await World.RunAsync("rollout", "status")).Program.Output, StringComparison.Ordinal);

        Assert.Equal(0, (await World.RunAsync("rollout", "resume", "--owner", "ann", "--reason", "back")).Exit);
        await SettledOnAsync(New, users.Count);
        Assert.Equal(0, (await World.RunAsync("rollout", "status")).Exit);
        Assert.Contains("lunch", (await World.RunAsync("rollout", "history")).Program.Output, StringComparison.Ordinal);
    }
}
