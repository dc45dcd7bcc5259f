using Npgsql;

namespace Store.Tests;

public sealed class FencingTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private static readonly Dictionary<string, Func<IStore, LeaseToken, UserApp, Task>> Writes = new()
    {
        [nameof(IStore.SyncTiersAsync)] = static (store, lease, _) => store.SyncTiersAsync(lease, default),
        [nameof(IStore.WriteDefaultsAsync)] = static (store, lease, _) =>
            store.WriteDefaultsAsync(lease, StoreFixture.Defaults with { Region = "stale" }, default),
        [nameof(IStore.RenameAppAsync)] = static (store, lease, user) =>
            store.RenameAppAsync(lease, user.UserId, user.AppName, "stale", default),
        [nameof(IStore.RecordOwnershipAsync)] = static (store, lease, user) =>
            store.RecordOwnershipAsync(lease, "stale", user.UserId, "vyx", OwnershipOrigin.Created, default),
        [nameof(IStore.ReleaseOwnershipAsync)] = static (store, lease, user) => store.ReleaseOwnershipAsync(lease, user.AppName, default),
        [nameof(IStore.ElectMachineAsync)] = static (store, lease, user) =>
            store.ElectMachineAsync(lease, user.UserId, user.AppName, user.MachineId, "stale", default),
        [nameof(IStore.OpenIntentAsync)] = static (store, lease, user) =>
            store.OpenIntentAsync(lease, new CreateIntent("stale", "app", user.AppName, user.UserId, null, DateTime.UnixEpoch), default),
        [nameof(IStore.CloseIntentAsync)] = static (store, lease, _) => store.CloseIntentAsync(lease, "kept", default),
        [nameof(IStore.WriteStatusesAsync)] = static (store, lease, user) => store.WriteStatusesAsync(
            lease, [Tests.Writes.Of(user) with { ErrorMessage = "stale", Events = [Tests.Writes.Event()] }], default),
        [nameof(IStore.WriteFleetStateAsync)] = static (store, lease, _) => store.WriteFleetStateAsync(lease, "stale", "{}", default),
        [nameof(IStore.TryDrawDestroyAsync)] = static (store, lease, _) => store.TryDrawDestroyAsync(lease, "stale", 5, default),
    };

    public static TheoryData<string> WriteMethods => [.. Writes.Keys];

    [Fact]
    public void Every_method_that_takes_a_lease_is_in_the_table() => Assert.Equal(
        typeof(IStore).GetMethods().Where(static method => method.GetParameters().Any(static p => p.ParameterType == typeof(LeaseToken)))
            .Select(static method => method.Name).Order(StringComparer.Ordinal),
        Writes.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(WriteMethods))]
    public async Task A_deposed_leader_writes_nothing(string method)
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", OwnershipOrigin.Created, default);
        await fixture.Store.OpenIntentAsync(
            fixture.Lease, new CreateIntent("kept", "app", user.AppName, user.UserId, null, DateTime.UnixEpoch), default);
        var before = await DumpAsync();

        foreach (var stale in new[]
                 {
                     fixture.Lease with { Epoch = fixture.Lease.Epoch - 1 },
                     fixture.Lease with { Epoch = fixture.Lease.Epoch + 1 },
                     fixture.Lease with { Holder = "somebody else" },
                     fixture.Lease with { LeaseName = "another" },
                 })
        {
            var error = await Assert.ThrowsAsync<StaleEpochException>(() => Writes[method](fixture.Store, stale, user));
            Assert.Equal(stale, error.Token);
        }

        Assert.Equal(before, await DumpAsync());
    }

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

    private Task<string?> DumpAsync() => fixture.Database.ScalarAsync<string>("""
        select md5(concat(
          (select string_agg(a::text, ';' order by a.id) from public.user_fly_apps a),
          (select string_agg(e::text, ';' order by e.id) from public.user_fly_app_events e),
          (select string_agg(o::text, ';' order by o.app_name) from fly_reconciler.ownership o),
          (select string_agg(i::text, ';' order by i.launch_id) from fly_reconciler.intents i),
          (select string_agg(f::text, ';' order by f.key) from fly_reconciler.fleet f),
          (select string_agg(d::text, ';' order by d.subject) from fly_reconciler.destroys d),
          (select string_agg(e::text, ';' order by e.id) from fly_reconciler.events e),
          (select string_agg(r::text, ';') from fly_reconciler.row_defaults r)))
        """);
}
