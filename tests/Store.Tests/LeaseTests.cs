namespace Store.Tests;

public sealed class LeaseTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(30);

    private ILeaseStore Leases => fixture.Stores.Leases;

    [Fact]
    public async Task The_first_to_come_leads_and_the_next_learns_who()
    {
        var first = await Leases.TryAcquireAsync("a", "one", Ttl, default);
        var second = await Leases.TryAcquireAsync("a", "two", Ttl, default);

        Assert.Equal(new LeaseToken("a", "one", 1), first.Token);
        Assert.Null(second.Token);
        Assert.Equal("one", second.HeldBy);
        Assert.InRange(second.RemainingTtl, TimeSpan.FromSeconds(1), Ttl);
    }

    [Fact]
    public async Task Acquiring_again_while_it_lasts_keeps_the_epoch()
    {
        var first = await Leases.TryAcquireAsync("b", "one", Ttl, default);
        var again = await Leases.TryAcquireAsync("b", "one", Ttl, default);

        Assert.Equal(first.Token, again.Token);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task An_expired_lease_goes_to_anybody_under_a_new_epoch(string next)
    {
        var name = $"c-{next}";
        var first = await Leases.TryAcquireAsync(name, "one", Ttl, default);
        await ExpireAsync(name);

        Assert.True((await Leases.ReadAsync(name, default))!.Expired);
        Assert.False(await Leases.RenewAsync(first.Token!, Ttl, default));
        Assert.Equal(new LeaseToken(name, next, 2), (await Leases.TryAcquireAsync(name, next, Ttl, default)).Token);
        Assert.False(await Leases.RenewAsync(first.Token!, Ttl, default));
    }

    [Fact]
    public async Task Renewing_extends_by_the_database_clock()
    {
        var token = (await Leases.TryAcquireAsync("d", "one", Ttl, default)).Token!;
        var before = await Leases.ReadAsync("d", default);

        Assert.True(await Leases.RenewAsync(token, TimeSpan.FromMinutes(10), default));

        var after = await Leases.ReadAsync("d", default);
        Assert.InRange(after!.ExpiresAt - after.RenewedAt, TimeSpan.FromSeconds(599), TimeSpan.FromSeconds(601));
        Assert.True(after.RenewedAt > before!.RenewedAt);
        Assert.Equal((DateTimeKind.Utc, false), (after.ExpiresAt.Kind, after.Expired));
    }

    [Fact]
    public async Task A_released_lease_is_free_at_once_and_its_token_worthless()
    {
        var token = (await Leases.TryAcquireAsync("e", "one", Ttl, default)).Token!;

        await Leases.ReleaseAsync(token, default);

        await Assert.ThrowsAsync<StaleEpochException>(() => fixture.Store.WriteFleetStateAsync(token, "x", "{}", default));
        var next = await Leases.TryAcquireAsync("e", "two", Ttl, default);
        Assert.Equal(2, next.Token!.Epoch);
        await Leases.ReleaseAsync(token, default);
        Assert.Equal("two", (await Leases.ReadAsync("e", default))!.Holder);
    }

    [Fact]
    public async Task Of_many_that_reach_for_an_expired_lease_one_gets_it_each_time()
    {
        var epochs = new List<long>();
        for (var round = 0; round < 10; round++)
        {
            var attempts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Leases.TryAcquireAsync("f", $"h{i}", Ttl, default)));
            epochs.Add(Assert.Single(attempts, static attempt => attempt.Token is not null).Token!.Epoch);
            await ExpireAsync("f");
        }
        Assert.Equal(Enumerable.Range(1, 10).Select(static epoch => (long)epoch), epochs);
    }

    [Fact]
    public async Task An_unknown_lease_is_null() => Assert.Null(await Leases.ReadAsync("unknown", default));

    private Task<int> ExpireAsync(string name) => fixture.Database.ExecuteAsync(
        "update fly_reconciler.lease set expires_at = clock_timestamp() - interval '1 millisecond' where name = $1", name);
}
