using Npgsql;

namespace Store.Tests;

/// <summary>Every other test runs as this role, too; these say what it may not do and examine it.</summary>
public sealed class DaemonRoleTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Theory]
    [InlineData("delete from fly_reconciler.apps")]
    [InlineData("delete from public.user_fly_apps")]
    [InlineData("select * from public.user_subscriptions")]
    [InlineData("update fly_reconciler.subscriptions set tier = 'elite'")]
    [InlineData("update fly_reconciler.apps set spec = null")]
    [InlineData("update fly_reconciler.apps set user_id = user_id")]
    [InlineData("delete from fly_reconciler.app_events")]
    [InlineData("delete from fly_reconciler.events")]
    [InlineData("delete from fly_reconciler.ownership")]
    [InlineData("delete from fly_reconciler.lease")]
    [InlineData("select * from auth.users")]
    [InlineData("select fly_reconciler.restore_old_trigger()")]
    [InlineData("create table fly_reconciler.x ()")]
    public async Task It_may_not(string sql)
    {
        await using var connection = await fixture.Database.OpenAsync(fixture.DaemonConnectionString);
        await using var command = new NpgsqlCommand(sql, connection);

        var error = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, error.SqlState);
    }

    [Fact]
    public async Task It_has_no_right_on_any_table_of_the_host() =>
        Assert.Empty(await fixture.Database.ListAsync<string>("""
            select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname in ('public', 'auth') and c.relkind in ('r', 'v')
               and has_table_privilege('fly_reconciler_daemon', c.oid, 'select, insert, update, delete, truncate')
            """));

    [Fact]
    public async Task It_is_no_superuser_sees_past_no_policy_and_cannot_log_in() =>
        Assert.Equal("fffff", await fixture.Database.ScalarAsync<string>("""
            select concat(rolsuper, rolbypassrls, rolcanlogin, rolcreaterole, rolcreatedb)
              from pg_roles where rolname = 'fly_reconciler_daemon'
            """));

    [Fact]
    public async Task It_runs_a_whole_life_of_a_user()
    {
        var (store, lease) = (fixture.Store, fixture.Lease);
        var id = await fixture.Data.CreateUserAsync();
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions disable trigger fly_reconciler_tier");
        await fixture.Data.SetTierAsync(id, "pro");
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions enable trigger fly_reconciler_tier");

        Assert.Contains(id, await store.SyncTiersAsync(lease, default));
        var user = await fixture.UserAsync(id);
        await store.OpenIntentAsync(lease, new CreateIntent("life", "machine", user.AppName, id, "main"), default);
        await store.RecordOwnershipAsync(lease, user.AppName, id, "vyx", OwnershipOrigin.Created, default);
        Assert.True(await store.ElectMachineAsync(lease, id, user.AppName, null, "m1", default));
        await store.CloseIntentAsync(lease, "life", default);
        Assert.Equal([id], await store.WriteStatusesAsync(
            lease, [Writes.Of(user) with { Status = "active", HealthStatus = "healthy", Events = [Writes.Event()] }], default));
        Assert.True((await store.ReadSummariesAsync(default)).Single(summary => summary.UserId == id).Settled);

        await fixture.Data.SetTierAsync(id, "free");
        Assert.True((await store.TryDrawDestroyAsync(lease, "m1", 5, default)).Granted);
        Assert.True(await store.ElectMachineAsync(lease, id, user.AppName, "m1", null, default));
        await store.ReleaseOwnershipAsync(lease, user.AppName, default);
        var free = await fixture.UserAsync(id);
        await store.WriteStatusesAsync(
            lease,
            [Writes.Of(free) with { Status = "deleted", DeletedAt = DateTime.UtcNow, Events = [Writes.Event("deprovision_completed")] }],
            default);

        var gone = (await store.ReadSummariesAsync(default)).Single(summary => summary.UserId == id);
        Assert.Equal((false, false, true, null), (gone.Run, gone.Live, gone.Settled, gone.MachineId));
        Assert.Equal(2, await fixture.Database.ScalarAsync<long>("select count(*) from public.user_fly_app_events where user_id = $1", id));
    }

    [Fact]
    public async Task Operators_functions_record_the_wish()
    {
        var user = await fixture.PayingUserAsync();
        await AskAsync($"select fly_reconciler.pause('{user.UserId}', 'admin', 'looking', now() + interval '1 hour')");
        var paused = await fixture.UserAsync(user.UserId);
        await AskAsync($"select fly_reconciler.unpause('{user.UserId}')");
        var unpaused = await fixture.UserAsync(user.UserId);
        await AskAsync($"select fly_reconciler.force('{user.UserId}')");
        var forced = await fixture.UserAsync(user.UserId);

        Assert.Equal(
            (true, "admin", "looking", user.Generation + 1),
            (paused.Paused, paused.PauseOwner, paused.PauseReason, paused.Generation));
        Assert.Equal((false, null, user.Generation + 2), (unpaused.Paused, unpaused.PauseOwner, unpaused.Generation));
        Assert.Equal(user.Generation + 3, forced.Generation);
        Assert.False(await fixture.Database.ScalarAsync<bool>("select fly_reconciler.force($1)", Guid.NewGuid()));
    }

    /// <summary>As the admin page's functions would.</summary>
    private Task<int> AskAsync(string sql) => fixture.Database.ExecuteAsync($"set local role service_role; {sql}");
}
