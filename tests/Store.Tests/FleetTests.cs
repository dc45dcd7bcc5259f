namespace Store.Tests;

/// <summary>One test per database: the budget is the fleet's.</summary>
public sealed class FleetTests : IAsyncLifetime
{
    private readonly StoreFixture _fixture = new();

    private IStore Store => _fixture.Store;

    public Task InitializeAsync() => _fixture.InitializeAsync();

    public Task DisposeAsync() => _fixture.DisposeAsync();

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

        Assert.Equal((true, 1), (first.Granted, first.Used));
        Assert.Equal((true, 1), (again.Granted, again.Used));
        Assert.Equal((false, 1), (other.Granted, other.Used));
    }

    [Fact]
    public async Task A_draw_leaves_the_window_after_an_hour()
    {
        await DrawAsync("m1", 1);
        var refused = await DrawAsync("m2", 1);
        await _fixture.Database.ExecuteAsync("update fly_reconciler.destroys set at = at - interval '1 hour'");

        Assert.Equal(0, await Store.ReadDestroysLastHourAsync(default));
        var granted = await DrawAsync("m2", 1);

        Assert.True(granted.Granted);
        Assert.Equal(DateTimeKind.Utc, refused.NextFreeAt!.Value.Kind);
        Assert.Equal(["m2"], await _fixture.Database.ListAsync<string>("select subject from fly_reconciler.destroys"));
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

        await Store.WriteFleetStateAsync(_fixture.Lease, "key", """{"n": 9}""", default);

        Assert.Equal("""{"n": 9}""", await Store.ReadFleetStateAsync("key", default));
    }

    [Fact]
    public async Task A_subscription_table_that_reads_as_empty_takes_no_ones_tier()
    {
        var user = await _fixture.PayingUserAsync();
        await _fixture.Database.ExecuteAsync(
            "alter table public.user_subscriptions disable trigger user; delete from public.user_subscriptions");

        var error = await Assert.ThrowsAsync<StoreSchemaException>(() => Store.SyncTiersAsync(_fixture.Lease, default));

        Assert.Contains("reads as empty", error.Message, StringComparison.Ordinal);
        Assert.Equal("pro", await _fixture.Database.ScalarAsync<string>(
            "select tier from public.user_fly_apps where user_id = $1", user.UserId));
    }

    [Fact]
    public async Task One_user_who_cannot_be_synchronised_does_not_hold_up_the_others()
    {
        await _fixture.Database.ExecuteAsync("alter table public.user_subscriptions disable trigger fly_reconciler_tier");
        var users = new[] { await _fixture.Data.CreateUserAsync("pro"), await _fixture.Data.CreateUserAsync("pro") };
        await _fixture.Database.ExecuteAsync($"alter table public.user_fly_apps add constraint poison check (user_id <> '{users.Min()}')");

        Assert.Equal([users.Max()], await Store.SyncTiersAsync(_fixture.Lease, default));
    }

    [Fact]
    public async Task More_users_than_one_transaction_takes_are_synchronised_in_one_call()
    {
        await _fixture.Database.ExecuteAsync("""
            alter table public.user_subscriptions disable trigger fly_reconciler_tier;
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, 2345);
            insert into public.user_subscriptions (user_id, tier) select id, 'pro' from auth.users
            """);

        Assert.Equal(2345, (await Store.SyncTiersAsync(_fixture.Lease, default)).Distinct().Count());
        Assert.Equal(new Census(2345, 0, 2345), await Store.ReadCensusAsync(default));
        Assert.Empty(await Store.SyncTiersAsync(_fixture.Lease, default));
    }

    private Task<BudgetDraw> DrawAsync(string subject, int limit) => Store.TryDrawDestroyAsync(_fixture.Lease, subject, limit, default);
}
