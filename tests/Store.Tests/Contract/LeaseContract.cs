namespace Store.Tests.Contract;

public sealed class LeasesOnPostgres(PostgresWorld world) : LeaseContract<PostgresWorld>(world);

public sealed class LeasesOnModel(ModelWorld world) : LeaseContract<ModelWorld>(world);

public abstract class LeaseContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongerThanTtl = TimeSpan.FromSeconds(31);

    private ILeaseStore Leases => world.Leases;

    [Fact]
    public async Task The_first_to_come_leads_and_the_next_learns_who()
    {
        var first = await Leases.TryAcquireAsync("a", "one", Ttl, default);
        var second = await Leases.TryAcquireAsync("a", "two", Ttl, default);

        Assert.Equal(new LeaseToken("a", "one", 1), first.Token);
        Assert.Null(second.Token);
        Assert.Equal(("one", "one"), (first.HeldBy, second.HeldBy));
        Assert.InRange(second.RemainingTtl, TimeSpan.FromSeconds(1), Ttl);
    }

    [Fact]
    public async Task Acquiring_again_while_it_lasts_keeps_the_epoch_and_extends()
    {
        var first = await Leases.TryAcquireAsync("b", "one", Ttl, default);
        var again = await Leases.TryAcquireAsync("b", "one", TimeSpan.FromMinutes(10), default);

        Assert.Equal(first.Token, again.Token);
        Assert.InRange(again.RemainingTtl, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }

    [Theory]
    [InlineData("one")]
    [InlineData("two")]
    public async Task An_expired_lease_goes_to_anybody_under_a_new_epoch(string next)
    {
        var name = $"c-{next}";
        var first = await Leases.TryAcquireAsync(name, "one", Ttl, default);
        await world.PassAsync(LongerThanTtl);

        Assert.True((await Leases.ReadAsync(name, default))!.Expired);
        Assert.False(await Leases.RenewAsync(first.Token!, Ttl, default));
        Assert.Equal(new LeaseToken(name, next, 2), (await Leases.TryAcquireAsync(name, next, Ttl, default)).Token);
        Assert.False(await Leases.RenewAsync(first.Token!, Ttl, default));
    }

    [Fact]
    public async Task An_expired_lease_that_nobody_took_still_writes()
    {
        var token = (await Leases.TryAcquireAsync("late", "one", Ttl, default)).Token!;
        await world.PassAsync(LongerThanTtl);

        await world.Store.WriteFleetStateAsync(token, "late", "1", default);

        await Leases.TryAcquireAsync("late", "two", Ttl, default);
        await Assert.ThrowsAsync<StaleEpochException>(() => world.Store.WriteFleetStateAsync(token, "late", "2", default));
        Assert.Equal("1", await world.Store.ReadFleetStateAsync("late", default));
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
        Assert.Equal(("d", "one", 1L), (after.Name, after.Holder, after.Epoch));
    }

    [Fact]
    public async Task Only_the_holder_of_the_epoch_renews()
    {
        var token = (await Leases.TryAcquireAsync("g", "one", Ttl, default)).Token!;

        Assert.False(await Leases.RenewAsync(token with { Holder = "two" }, Ttl, default));
        Assert.False(await Leases.RenewAsync(token with { Epoch = 2 }, Ttl, default));
        Assert.False(await Leases.RenewAsync(token with { LeaseName = "unknown" }, Ttl, default));
    }

    [Fact]
    public async Task A_released_lease_is_free_at_once_and_its_token_worthless()
    {
        var token = (await Leases.TryAcquireAsync("e", "one", Ttl, default)).Token!;

        await Leases.ReleaseAsync(token, default);

        var released = await Leases.ReadAsync("e", default);
        Assert.Equal(("", true), (released!.Holder, released.Expired));
        Assert.False(await Leases.RenewAsync(token, Ttl, default));
        await Assert.ThrowsAsync<StaleEpochException>(() => world.Store.WriteFleetStateAsync(token, "x", "{}", default));
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
            await world.PassAsync(LongerThanTtl);
        }
        Assert.Equal(Enumerable.Range(1, 10).Select(static epoch => (long)epoch), epochs);
    }

    [Fact]
    public async Task Leases_of_two_names_have_nothing_to_do_with_each_other()
    {
        var one = await Leases.TryAcquireAsync("h1", "one", Ttl, default);
        var two = await Leases.TryAcquireAsync("h2", "two", Ttl, default);

        await Leases.ReleaseAsync(one.Token!, default);

        Assert.True(await Leases.RenewAsync(two.Token!, Ttl, default));
    }

    [Fact]
    public async Task An_unknown_lease_is_null() => Assert.Null(await Leases.ReadAsync("unknown", default));

    [Fact]
    public async Task A_lease_needs_a_holder_and_a_duration()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Leases.TryAcquireAsync("i", " ", Ttl, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Leases.TryAcquireAsync("i", "one", TimeSpan.Zero, default));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Leases.RenewAsync(new LeaseToken("i", "one", 1), TimeSpan.Zero, default));
    }
}
