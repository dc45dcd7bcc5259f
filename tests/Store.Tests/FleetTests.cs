namespace Store.Tests;

public sealed class FleetTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task More_users_than_one_transaction_takes_are_synchronised_in_one_call()
    {
        await fixture.Database.ExecuteAsync("""
            alter table public.user_subscriptions disable trigger fly_reconciler_tier;
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, 2345);
            insert into public.user_subscriptions (user_id, tier) select id, 'pro' from auth.users
            """);

        Assert.Equal(2345, (await fixture.Store.SyncTiersAsync(fixture.Lease, default)).Distinct().Count());
        Assert.Equal(new Census(2345, 0, 2345), await fixture.Store.ReadCensusAsync(default));
        Assert.Empty(await fixture.Store.SyncTiersAsync(fixture.Lease, default));
    }
}
