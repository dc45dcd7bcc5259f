using Npgsql;

namespace Store.Tests;

public sealed class FencingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_takeover_waits_for_the_write_in_flight_and_the_next_write_is_rejected()
    {
        var lease = (await fixture.Stores.Leases.TryAcquireAsync("race", "old", TimeSpan.FromHours(1), default)).Token!;
        await ExpireAsync("race");
        await using var writer = await fixture.Database.OpenAsync(fixture.DaemonConnectionString);
        await using var transaction = await writer.BeginTransactionAsync();
        await using (var fence = new NpgsqlCommand("call fly_reconciler.fence('race', 'old', 1)", writer))
            await fence.ExecuteNonQueryAsync();

        var takeover = fixture.Stores.Leases.TryAcquireAsync("race", "new", TimeSpan.FromHours(1), default);
        await WaitUntilBlockedAsync("fly_reconciler.lease");
        Assert.False(takeover.IsCompleted);
        await transaction.CommitAsync();

        Assert.Equal(lease.Epoch + 1, (await takeover).Token!.Epoch);
        await Assert.ThrowsAsync<StaleEpochException>(() => fixture.Store.WriteFleetStateAsync(lease, "late", "{}", default));
    }

    [Fact]
    public async Task A_write_that_waits_behind_a_takeover_is_rejected()
    {
        var lease = (await fixture.Stores.Leases.TryAcquireAsync("race2", "old", TimeSpan.FromHours(1), default)).Token!;
        await using var usurper = await fixture.Database.OpenAsync();
        await using var transaction = await usurper.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand(
            "update fly_reconciler.lease set holder = 'new', epoch = epoch + 1 where name = 'race2'", usurper))
            await take.ExecuteNonQueryAsync();

        var write = fixture.Store.WriteFleetStateAsync(lease, "late2", "{}", default);
        await WaitUntilBlockedAsync("fly_reconciler.fence");
        await transaction.CommitAsync();

        await Assert.ThrowsAsync<StaleEpochException>(() => write);
        Assert.Null(await fixture.Store.ReadFleetStateAsync("late2", default));
    }

    [Fact]
    public async Task A_write_blocked_on_its_row_holds_off_the_takeover_until_it_is_done()
    {
        var user = await fixture.PayingUserAsync();
        var lease = (await fixture.Stores.Leases.TryAcquireAsync("race3", "old", TimeSpan.FromHours(1), default)).Token!;
        await ExpireAsync("race3");
        await using var holder = await fixture.Database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand($"select 1 from public.user_fly_apps where id = '{user.RowId}' for update", holder))
            await hold.ExecuteNonQueryAsync();

        var write = fixture.Store.ElectMachineAsync(lease, user.UserId, user.AppName, null, "m1", default);
        await WaitUntilBlockedAsync("update fly_reconciler.apps");
        var takeover = fixture.Stores.Leases.TryAcquireAsync("race3", "new", TimeSpan.FromHours(1), default);
        await WaitUntilBlockedAsync("insert into fly_reconciler.lease");
        Assert.False(takeover.IsCompleted);
        await transaction.RollbackAsync();

        Assert.True(await write);
        Assert.Equal("new", (await takeover).Token!.Holder);
    }

    [Fact]
    public async Task A_write_that_cannot_get_its_lock_gives_up_within_the_limit()
    {
        var lease = (await fixture.Stores.Leases.TryAcquireAsync("stuck", "old", TimeSpan.FromHours(1), default)).Token!;
        await using var holder = await fixture.Database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select 1 from fly_reconciler.lease where name = 'stuck' for update", holder))
            await hold.ExecuteNonQueryAsync();

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            fixture.Store.WriteFleetStateAsync(lease, "stuck", "{}", default));

        Assert.Contains("55P03", error.Message, StringComparison.Ordinal);
    }

    private Task<int> ExpireAsync(string name) => fixture.Database.ExecuteAsync(
        "update fly_reconciler.lease set expires_at = clock_timestamp() - interval '1 second' where name = $1", name);

    /// <summary>The database knows who waits for a lock; asking it beats sleeping.</summary>
    private async Task WaitUntilBlockedAsync(string queryPart)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        await using var connection = await fixture.Database.OpenAsync(fixture.Database.SuperuserConnectionString);
        while (DateTime.UtcNow < deadline)
        {
            await using var command = new NpgsqlCommand(
                """
                select exists (select from pg_stat_activity
                                where wait_event_type = 'Lock' and position($1 in query) > 0 and datname = current_database())
                """,
                connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = queryPart });
            if (await command.ExecuteScalarAsync() is true)
                return;
            await Task.Delay(10);
        }
        Assert.Fail($"nothing waited for a lock in a statement with '{queryPart}'");
    }
}
