namespace Store.Tests;

public sealed class TierTriggerTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private VyxData Data => fixture.Data;

    [Fact]
    public async Task The_old_trigger_is_silent_until_it_is_restored()
    {
        var id = await Data.CreateUserAsync();
        await Data.SetTierAsync(id, "pro");
        var silent = await HttpCallsAsync();

        await fixture.Database.ExecuteAsync("select fly_reconciler.restore_old_trigger()");
        await Data.SetTierAsync(id, "free");
        var restored = await HttpCallsAsync();
        var ours = await RowTierAsync(id);
        await fixture.Database.ExecuteAsync("select fly_reconciler.replace_old_trigger()");

        Assert.Equal((0L, 1L), (silent, restored));
        Assert.Equal("pro", ours);

        Task<long> HttpCallsAsync() =>
            fixture.Database.ScalarAsync<long>("select count(*) from public.http_calls where user_id = $1", id)!;
    }

    private Task<string?> RowTierAsync(Guid userId) =>
        fixture.Database.ScalarAsync<string>("select tier from public.user_fly_apps where user_id = $1", userId);
}
