namespace Store.Tests.Contract;

public sealed class FencingOnPostgres(PostgresWorld world) : FencingContract<PostgresWorld>(world);

public sealed class FencingOnModel(ModelWorld world) : FencingContract<ModelWorld>(world);

public abstract class FencingContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    [Fact]
    public void Every_method_that_takes_a_lease_is_in_the_table() => Assert.Equal(
        typeof(IStore).GetMethods().Where(static method => method.GetParameters().Any(static p => p.ParameterType == typeof(LeaseToken)))
            .Select(static method => method.Name).Order(StringComparer.Ordinal),
        FencedCalls.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(FencedCalls.Names), MemberType = typeof(FencedCalls))]
    public async Task A_deposed_leader_writes_nothing(string method)
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await world.Store.OpenIntentAsync(
            world.Lease, new CreateIntent("kept", "app", user.AppName, user.UserId, null), default);
        // Something for the synchronisation to do.
        await world.EnableTriggerAsync(false);
        await world.SetTierAsync(user.UserId, "elite");
        await world.EnableTriggerAsync(true);
        var before = await world.DumpAsync();

        foreach (var stale in new[]
                 {
                     world.Lease with { Epoch = world.Lease.Epoch - 1 },
                     world.Lease with { Epoch = world.Lease.Epoch + 1 },
                     world.Lease with { Holder = "somebody else" },
                     world.Lease with { LeaseName = "another" },
                 })
        {
            var error = await Assert.ThrowsAsync<StaleEpochException>(() => FencedCalls.All[method](world.Store, stale, user));
            Assert.Equal(stale, error.Token);
        }

        Assert.Equal(before, await world.DumpAsync());
        await FencedCalls.All[method](world.Store, world.Lease, user);
        await world.Store.WriteDefaultsAsync(world.Lease, World.Defaults, default);
        await world.Store.CloseIntentAsync(world.Lease, "stale", default);
    }

    [Fact]
    public async Task What_needs_no_leader_is_not_fenced() =>
        Assert.Equal("1", await world.Store.GetOrCreateFleetStateAsync("unfenced", "1", default));
}
