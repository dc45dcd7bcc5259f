namespace EndToEnd.Tests;

public sealed class TierTests : WorldTest
{
    [Fact]
    public async Task A_downgrade_stops_the_machine_at_once_and_an_upgrade_within_the_grace_resumes_the_same_one()
    {
        await World.StartReadyAsync();
        var (user, before, machine) = await World.ProvisionAsync();

        await World.Data.SetTierAsync(user, "free");
        await World.EventuallyAsync(async () => await World.MachineAsync(before.App) is { State: "stopped", Running: false }, "the machine is stopped");
        await World.EventuallyRowAsync(user, r => r is { Status: "deprovisioning", Deleted: false, Cost: 0 }, "the row says so");

        await World.Data.SetTierAsync(user, "elite");
        var (after, resumed) = await World.ConvergedAsync(user);

        Assert.Equal((machine.Id, before.Id, "elite"), (resumed.Id, after.Id, after.Tier));
        Assert.DoesNotContain(await World.ChangesAsync(), c => c.Operation is "machines.delete" or "apps.delete");
    }

    [Fact]
    public async Task After_the_grace_the_app_is_destroyed_and_the_row_soft_deleted_and_a_returning_user_gets_the_same_row()
    {
        await World.StartReadyAsync(("Reconciler__DeprovisionGrace", "00:00:01"));
        var (user, before, machine) = await World.ProvisionAsync();

        await World.Data.SetTierAsync(user, "free");
        await World.EventuallyAsync(async () => await World.AppAsync(before.App) is null, "the app is gone");
        await World.EventuallyRowAsync(user, r => r is { Status: "deleted", Deleted: true, Health: "unknown", Cost: 0, MachineId: null }, "the row is soft-deleted");
        var operations = (await World.ChangesAsync()).Select(c => c.Operation).ToList();
        Assert.True(operations.IndexOf("machines.stop") < operations.IndexOf("apps.delete"));

        await World.Data.SetTierAsync(user, "pro");
        var (after, successor) = await World.ConvergedAsync(user);

        Assert.Equal((before.Id, before.App, false), (after.Id, after.App, after.Deleted));
        Assert.NotEqual(machine.Id, successor.Id);
        Assert.Equal(1, await World.Database.ScalarAsync<long>("select count(*) from public.user_fly_apps"));
        var events = await World.EventsAsync(user);
        Assert.Equal(2, events.Count(e => e == "provision_completed"));
        Assert.Single(events, "deprovision_requested");
        Assert.Single(events, "deprovision_completed");
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("expired")]
    [InlineData("row deleted")]
    public async Task A_subscription_that_ends_in_another_way_than_by_its_tier_stops_the_machine_too(string end)
    {
        await World.StartReadyAsync();
        var (user, row, _) = await World.ProvisionAsync();

        await (end switch
        {
            "cancelled" => World.Data.SetStatusAsync(user, "cancelled"),
            "expired" => World.Data.SetExpiryAsync(user, DateTime.UtcNow.AddSeconds(-1)),
            _ => World.Database.ExecuteAsync("delete from public.user_subscriptions where user_id = $1", user),
        });

        await World.EventuallyAsync(async () => await World.MachineAsync(row.App) is { State: "stopped" }, "the machine is stopped");
        await World.EventuallyRowAsync(user, r => r.Status == "deprovisioning", "the row says so");
    }

    [Fact]
    public async Task An_app_whose_user_was_deleted_is_still_found_and_removed()
    {
        await World.StartReadyAsync(("Reconciler__DeprovisionGrace", "00:00:01"));
        var (user, row, _) = await World.ProvisionAsync();

        await World.Data.DeleteUserAsync(user);

        await World.EventuallyAsync(async () => await World.AppAsync(row.App) is null, "the app is gone");
        Assert.Null(await World.TryRowAsync(user));
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<long>(
                "select count(*) from fly_reconciler.ownership where user_id = $1 and released_at is null", user) == 0,
            "it is recorded as gone");
        await World.EventuallyAsync(
            // Events of one transaction share their time, and a deletion may be asked for twice: which ones there are is the story.
            async () => (await World.Database.ListAsync<string>(
                "select distinct event_type from fly_reconciler.events where user_id = $1 order by event_type", user)).SequenceEqual(
                ["deprovision_completed", "deprovision_requested", "deprovision_started"]),
            "the journal has the whole story");
    }
}
