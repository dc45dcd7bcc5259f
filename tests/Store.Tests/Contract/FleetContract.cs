namespace Store.Tests.Contract;

public sealed class FleetOnPostgres : FleetContract<PostgresWorld>;

public sealed class FleetOnModel : FleetContract<ModelWorld>;

/// <summary>What is the whole fleet's: its documents, its budget, its synchronisation. A world per test.</summary>
public abstract class FleetContract<TWorld> : IAsyncLifetime
    where TWorld : World, new()
{
    private readonly TWorld _world = new();

    private IStore Store => _world.Store;

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Of_many_simultaneous_draws_as_many_as_the_limit_are_granted()
    {
        var draws = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => DrawAsync($"machine-{i}", 7)));

        Assert.Equal(7, draws.Count(static draw => draw.Granted));
        Assert.Equal(Enumerable.Range(1, 7), draws.Where(static draw => draw.Granted).Select(static draw => draw.Used).Order());
        Assert.All(draws.Where(static draw => !draw.Granted), static draw => Assert.NotNull(draw.NextFreeAt));
        Assert.Equal(7, await Store.ReadDestroysLastHourAsync(default));
    }

    [Fact]
    public async Task Drawing_again_for_the_same_subject_is_free_even_when_nothing_is_left()
    {
        var first = await DrawAsync("m1", 1);
        var again = await DrawAsync("m1", 1);
        var other = await DrawAsync("m2", 1);
        var lower = await DrawAsync("m1", 0);

        Assert.Equal(new BudgetDraw(true, 1, null), first);
        Assert.Equal(new BudgetDraw(true, 1, null), again);
        Assert.Equal((false, 1), (other.Granted, other.Used));
        Assert.Equal(new BudgetDraw(true, 1, null), lower);
    }

    [Fact]
    public async Task A_draw_leaves_the_window_after_an_hour_and_not_before()
    {
        await DrawAsync("m1", 1);
        var refused = await DrawAsync("m2", 1);
        Assert.InRange(refused.NextFreeAt!.Value - await _world.NowAsync(), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(60));
        Assert.Equal(DateTimeKind.Utc, refused.NextFreeAt!.Value.Kind);

        await _world.PassAsync(TimeSpan.FromMinutes(50));
        Assert.Equal((false, 1), ((await DrawAsync("m2", 1)).Granted, await Store.ReadDestroysLastHourAsync(default)));
        await _world.PassAsync(TimeSpan.FromMinutes(10));

        Assert.Equal(0, await Store.ReadDestroysLastHourAsync(default));
        Assert.True((await DrawAsync("m2", 1)).Granted);
        Assert.Equal((false, 1), ((await DrawAsync("m1", 1)).Granted, await Store.ReadDestroysLastHourAsync(default)));
    }

    [Fact]
    public async Task A_draw_that_is_repeated_counts_from_then_on()
    {
        await DrawAsync("m1", 1);
        await _world.PassAsync(TimeSpan.FromMinutes(50));
        Assert.True((await DrawAsync("m1", 1)).Granted);
        await _world.PassAsync(TimeSpan.FromMinutes(50));

        var refused = await DrawAsync("m2", 1);

        Assert.Equal((false, 1), (refused.Granted, refused.Used));
        Assert.InRange(refused.NextFreeAt!.Value - await _world.NowAsync(), TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        await _world.PassAsync(TimeSpan.FromMinutes(10));
        Assert.True((await DrawAsync("m2", 1)).Granted);
    }

    [Fact]
    public async Task The_oldest_draw_says_when_one_is_free_again()
    {
        await DrawAsync("z", 2);
        await _world.PassAsync(TimeSpan.FromMinutes(20));
        await DrawAsync("a", 2);

        var refused = await DrawAsync("m", 2);

        Assert.InRange(refused.NextFreeAt!.Value - await _world.NowAsync(), TimeSpan.FromMinutes(39), TimeSpan.FromMinutes(40));
    }

    [Fact]
    public async Task A_limit_of_zero_grants_nothing_and_promises_nothing() =>
        Assert.Equal(new BudgetDraw(false, 0, null), await DrawAsync("m1", 0));

    [Fact]
    public async Task Documents_are_written_read_and_created_once()
    {
        Assert.Null(await Store.ReadFleetStateAsync("key", default));
        var created = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Store.GetOrCreateFleetStateAsync("key", $$"""{"n": {{i}}}""", default)));
        Assert.Single(created.Distinct(StringComparer.Ordinal));
        Assert.Equal(created[0], await Store.GetOrCreateFleetStateAsync("key", "{}", default));

        await Store.WriteFleetStateAsync(_world.Lease, "key", """{"n":9}""", default);

        Assert.Equal("""{"n": 9}""", await Store.ReadFleetStateAsync("key", default));
    }

    [Fact]
    public async Task A_document_that_is_none_is_refused()
    {
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.WriteFleetStateAsync(_world.Lease, "key", "{", default));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.GetOrCreateFleetStateAsync("key", "nonsense", default));

        Assert.Null(await Store.ReadFleetStateAsync("key", default));
    }

    [Fact]
    public async Task A_subscription_table_that_reads_as_empty_takes_no_ones_tier()
    {
        var user = await _world.PayingUserAsync();
        await _world.LoseSubscriptionsAsync();

        var error = await Assert.ThrowsAsync<StoreSchemaException>(() => Store.SyncTiersAsync(_world.Lease, default));

        Assert.Contains("reads as empty", error.Message, StringComparison.Ordinal);
        Assert.Contains("grant fly_reconciler_daemon", error.Message, StringComparison.Ordinal);
        Assert.Equal("pro", await _world.RowTierAsync(user.UserId));
        Assert.Equal(new Census(0, 0, 1), await Store.ReadCensusAsync(default));
    }

    [Fact]
    public async Task An_empty_subscription_table_is_believed_where_nobody_pays()
    {
        var user = await _world.PayingUserAsync();
        await _world.SetTierAsync(user.UserId, "free");
        await _world.LoseSubscriptionsAsync();

        Assert.Empty(await Store.SyncTiersAsync(_world.Lease, default));
    }

    [Fact]
    public async Task A_subscription_of_nobody_keeps_the_table_from_being_empty()
    {
        var user = await _world.PayingUserAsync();
        await _world.EnableTriggerAsync(false);
        await _world.MoveSubscriptionAsync(user.UserId, null);

        Assert.Equal([user.UserId], await Store.SyncTiersAsync(_world.Lease, default));
        Assert.Equal("free", await _world.RowTierAsync(user.UserId));
    }

    [Fact]
    public async Task One_user_who_cannot_be_synchronised_does_not_hold_up_the_others()
    {
        await _world.EnableTriggerAsync(false);
        var users = new[] { await _world.CreateUserAsync("pro"), await _world.CreateUserAsync("pro") };
        await _world.ForbidRowAsync(users.Min());

        Assert.Equal([users.Max()], await Store.SyncTiersAsync(_world.Lease, default));
    }

    [Fact]
    public async Task A_row_that_no_write_may_touch_is_reported_and_its_subscription_goes_through()
    {
        var user = await _world.PayingUserAsync();
        await _world.ForbidRowAsync(user.UserId);

        await _world.SetTierAsync(user.UserId, "elite");
        var error = await Assert.ThrowsAsync<StatusRejectedException>(() => _world.SettleAsync(user));

        Assert.Contains("poison", error.Rejected[user.UserId], StringComparison.Ordinal);
        Assert.Equal(("elite", "pro"), ((await _world.UserAsync(user.UserId)).Tier, await _world.RowTierAsync(user.UserId)));
        Assert.Single(await _world.JournalAsync(user.UserId));
    }

    [Fact]
    public async Task A_move_to_a_user_who_cannot_have_a_row_leaves_both_as_they_were()
    {
        var from = await _world.PayingUserAsync();
        var to = Guid.NewGuid();
        await _world.CreateAccountAsync(to);
        await _world.ForbidRowAsync(to);

        await _world.MoveSubscriptionAsync(from.UserId, to);

        Assert.Equal("pro", await _world.RowTierAsync(from.UserId));
        Assert.Null(await _world.RowTierAsync(to));
        Assert.Single(await _world.JournalAsync(to));
        Assert.Equal([from.UserId], await Store.SyncTiersAsync(_world.Lease, default));
    }

    [Fact]
    public async Task The_synchronisation_repairs_what_a_disabled_trigger_missed_and_touches_nothing_else()
    {
        var bystander = await _world.PayingUserAsync();
        var downgraded = await _world.PayingUserAsync();
        var buried = await _world.PayingUserAsync();
        await _world.WriteAsync(Writes.Of(buried) with { Status = "deleted", DeletedAt = await _world.NowAsync() });
        var upgraded = await _world.CreateUserAsync();
        var stranger = await _world.CreateUserAsync();
        await _world.PlantRowAsync(stranger, "planted");
        await _world.EditRowAsync(stranger, "tier", "pro");
        var before = await _world.RowVersionAsync(bystander.UserId);
        await _world.EnableTriggerAsync(false);
        await _world.SetTierAsync(upgraded, "pro");
        await _world.SetTierAsync(downgraded.UserId, "free");
        await _world.EnableTriggerAsync(true);

        var touched = await Store.SyncTiersAsync(_world.Lease, default);
        var again = await Store.SyncTiersAsync(_world.Lease, default);

        Assert.Equal(new[] { upgraded, downgraded.UserId, buried.UserId, stranger }.Order(), touched);
        Assert.Empty(again);
        Assert.Equal("pro", (await _world.UserAsync(upgraded)).Tier);
        Assert.Equal(("free", "free"), (await _world.RowTierAsync(downgraded.UserId), await _world.RowTierAsync(stranger)));
        Assert.Equal("provisioning", (await _world.UserAsync(buried.UserId)).Status);
        Assert.Equal(before, await _world.RowVersionAsync(bystander.UserId));
    }

    [Fact]
    public async Task An_expired_subscription_reads_as_free_at_once_and_the_synchronisation_writes_it()
    {
        var id = await _world.CreateUserAsync("pro", expiresAt: (await _world.NowAsync()).AddDays(1));
        await _world.PassAsync(TimeSpan.FromDays(2));

        Assert.Equal(("free", "pro"), ((await _world.UserAsync(id)).Tier, await _world.RowTierAsync(id)));
        Assert.Equal([id], await Store.SyncTiersAsync(_world.Lease, default));
        Assert.Equal("free", await _world.RowTierAsync(id));
    }

    [Fact]
    public async Task A_database_with_nobody_in_it_says_so()
    {
        Assert.Empty(await Store.ReadSummariesAsync(default));
        Assert.Empty(await Store.ReadAllUsersAsync(default));
        Assert.Empty(await Store.ReadPendingAsync(default));
        Assert.Empty(await Store.ReadRowlessUsersAsync(default));
        Assert.Empty(await Store.FindUsersAsync(["nobody"], default));
        Assert.Equal(new Census(0, 0, 0), await Store.ReadCensusAsync(default));
        Assert.Equal(0, await Store.ReadDestroysLastHourAsync(default));
    }

    private Task<BudgetDraw> DrawAsync(string subject, int limit) => Store.TryDrawDestroyAsync(_world.Lease, subject, limit, default);
}
