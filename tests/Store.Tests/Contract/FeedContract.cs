namespace Store.Tests.Contract;

public sealed class FeedsOnPostgres(PostgresWorld world) : FeedContract<PostgresWorld>(world);

public sealed class FeedsOnModel(ModelWorld world) : FeedContract<ModelWorld>(world);

/// <summary>Which changes are told to those who listen.</summary>
public abstract class FeedContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    [Fact]
    public async Task Says_first_that_anything_may_have_changed()
    {
        await using var listener = await Listener.OpenAsync(world);

        Assert.True(listener.IsListening);
    }

    [Fact]
    public async Task Desired_changes_arrive_and_status_writes_do_not()
    {
        var user = await world.PayingUserAsync();
        await using var listener = await Listener.OpenAsync(world);

        await world.WriteAsync(Writes.Of(user) with { Status = "active", Fingerprint = 7, Events = [Writes.Event()] });
        await world.Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, user.AppName + "-2", default);
        await world.OwnAsync(user);
        await world.SetTierAsync(user.UserId, "elite");

        // Hints keep the order of commits: had a status notified, its hint would be here first.
        Assert.Equal([new ChangeHint(user.UserId)], await listener.UntilNowAsync());
    }

    [Theory]
    [InlineData("a spec")]
    [InlineData("a pause")]
    [InlineData("a force")]
    [InlineData("a tier by hand")]
    [InlineData("an undeletion")]
    [InlineData("a lost subscription")]
    [InlineData("a deleted account")]
    public async Task Every_kind_of_desired_change_arrives_once(string change)
    {
        var user = await world.PayingUserAsync();
        if (change == "an undeletion")
            await world.EditRowAsync(user.UserId, "deleted_at", await world.NowAsync());
        await using var listener = await Listener.OpenAsync(world);

        await (change switch
        {
            "a spec" => world.SetSpecAsync(user.UserId, """{"a":1}"""),
            "a pause" => world.PauseAsync(user.UserId, "me", "why"),
            "a force" => world.ForceAsync(user.UserId),
            "a tier by hand" => world.EditRowAsync(user.UserId, "tier", "elite"),
            "an undeletion" => world.EditRowAsync(user.UserId, "deleted_at", null),
            "a lost subscription" => world.DeleteSubscriptionAsync(user.UserId),
            _ => world.DeleteUserAsync(user.UserId),
        });

        Assert.Equal([new ChangeHint(user.UserId)], await listener.UntilNowAsync());
    }

    [Fact]
    public async Task A_new_row_arrives_and_what_changes_no_row_does_not()
    {
        await using var listener = await Listener.OpenAsync(world);

        var free = await world.CreateUserAsync();
        await world.SetStatusAsync(free, "past_due");
        var paying = await world.CreateUserAsync("pro");
        await world.SetTierAsync(paying, "pro");
        await world.UnpauseAsync(paying);

        Assert.Equal([new ChangeHint(paying)], await listener.UntilNowAsync());
    }

    [Fact]
    public async Task A_synchronisation_tells_of_each_user_it_touched()
    {
        await world.Store.SyncTiersAsync(world.Lease, default);
        await world.EnableTriggerAsync(false);
        var users = new[] { await world.CreateUserAsync("pro"), await world.CreateUserAsync("pro") };
        await world.EnableTriggerAsync(true);
        await using var listener = await Listener.OpenAsync(world);

        await world.Store.SyncTiersAsync(world.Lease, default);

        Assert.Equal(users.Order().Select(static id => new ChangeHint(id)), await listener.UntilNowAsync());
    }

    [Fact]
    public async Task Every_listener_is_told()
    {
        await using var first = await Listener.OpenAsync(world);
        await using var second = await Listener.OpenAsync(world);

        var user = await world.CreateUserAsync("pro");

        Assert.Equal([new ChangeHint(user)], await first.UntilNowAsync());
        Assert.Equal(new ChangeHint(user), (await second.UntilNowAsync())[0]);
    }

    [Fact]
    public async Task A_rejected_write_tells_nothing()
    {
        await world.EnableTriggerAsync(false);
        var user = await world.CreateUserAsync("pro");
        await world.EnableTriggerAsync(true);
        await using var listener = await Listener.OpenAsync(world);

        await Assert.ThrowsAsync<StaleEpochException>(() => world.Store.SyncTiersAsync(world.Lease with { Epoch = 99 }, default));

        Assert.Empty(await listener.UntilNowAsync());
        Assert.Null(await world.RowTierAsync(user));
        await world.DeleteUserAsync(user);
    }

    [Fact]
    public async Task A_caller_that_stops_looking_is_no_longer_listening()
    {
        var feed = await world.OpenFeedAsync();
        await foreach (var hint in feed.WatchAsync(default))
        {
            Assert.Equal((ChangeHint.Everything, true), (hint, feed.IsListening));
            break;
        }

        Assert.False(feed.IsListening);
    }
}
