using Npgsql;

namespace Store.Tests;

public sealed class MigrationTests
{
    private static readonly Action<string> Quiet = static _ => { };

    [Fact]
    public async Task Applies_every_script_once_and_nothing_the_second_time()
    {
        var database = await NewDatabaseAsync();

        var first = await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default);
        var second = await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default);

        Assert.Equal(MigrationScripts.All.Select(static script => script.Name), first);
        Assert.Empty(second);
        Assert.Empty(await SchemaMigrator.PendingAsync(database.OwnerConnectionString, default));
    }

    [Fact]
    public async Task Before_the_first_run_every_script_is_pending()
    {
        var database = await NewDatabaseAsync();

        Assert.Equal(MigrationScripts.All.Count, (await SchemaMigrator.PendingAsync(database.OwnerConnectionString, default)).Count);
    }

    [Fact]
    public async Task Every_script_and_the_whole_set_can_be_run_again()
    {
        var database = await NewDatabaseAsync();
        foreach (var round in new[] { 1, 2 })
        {
            foreach (var script in MigrationScripts.All)
            {
                await database.ExecuteAsync(script.Sql);
                await database.ExecuteAsync(script.Sql);
            }
            Assert.True(await database.ScalarAsync<bool>("select count(*) = 1 from fly_reconciler.row_defaults"), $"round {round}");
        }
    }

    [Fact]
    public async Task The_pasted_text_can_be_run_twice_and_DbUp_finds_nothing_left_to_do()
    {
        var database = await NewDatabaseAsync();

        await database.ExecuteAsync(MigrationScripts.PrintAll());
        await database.ExecuteAsync(MigrationScripts.PrintAll());

        Assert.Empty(await SchemaMigrator.PendingAsync(database.OwnerConnectionString, default));
        Assert.Empty(await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default));
    }

    [Fact]
    public async Task Simultaneous_runs_take_turns()
    {
        var database = await NewDatabaseAsync();

        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default)));

        Assert.Equal(MigrationScripts.All.Count, runs.Sum(static run => run.Count));
    }

    [Fact]
    public async Task Existing_rows_get_their_tier_and_only_live_ones_are_inherited()
    {
        var database = await NewDatabaseAsync();
        var live = await database.Data.CreateUserAsync("elite");
        var gone = await database.Data.CreateUserAsync("pro");
        var cancelled = await database.Data.CreateUserAsync("pro", "cancelled");
        await database.Data.CreateAppRowAsync(live, "vyx-user-00000001");
        await database.Data.CreateAppRowAsync(gone, "vyx-user-00000002", "deleted", DateTime.UtcNow);
        await database.Data.CreateAppRowAsync(cancelled, "vyx-user-00000003");

        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default);

        Assert.Equal(
            ["vyx-user-00000001 inherited", "vyx-user-00000003 inherited"],
            await database.ListAsync<string>("select app_name || ' ' || origin from fly_reconciler.ownership order by 1"));
        Assert.Equal(
            ["elite", "free", "free"],
            await database.ListAsync<string>("select tier from public.user_fly_apps order by fly_app_name"));
    }

    [Fact]
    public async Task A_later_run_inherits_nothing()
    {
        var database = await NewDatabaseAsync();
        await database.ExecuteAsync(MigrationScripts.PrintAll());
        var user = await database.Data.CreateUserAsync("pro");

        await database.ExecuteAsync(MigrationScripts.PrintAll());

        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from public.user_fly_apps where user_id = $1", user));
        Assert.Equal(0, await database.ScalarAsync<long>("select count(*) from fly_reconciler.ownership"));
    }

    [Fact]
    public async Task The_hosts_view_checks_and_policies_still_hold()
    {
        var database = await NewDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default);
        await database.Data.RepairProfilePoliciesAsync();
        await database.ExecuteAsync("""drop policy "admins see apps" on public.user_fly_apps""");
        var mine = await database.Data.CreateUserAsync("pro");
        await database.Data.CreateUserAsync("pro");

        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(connection, $"set local request.jwt.claim.sub = '{mine}'; set local role authenticated");
        await using (var read = new NpgsqlCommand("select user_id from public.user_fly_apps_with_profiles", connection))
            Assert.Equal(mine, await read.ExecuteScalarAsync());
        await using (var hidden = new NpgsqlCommand("select count(*) from public.user_subscriptions", connection))
            Assert.Equal(0L, await hidden.ExecuteScalarAsync());
        var denied = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(connection, "select * from fly_reconciler.lease"));
        await transaction.RollbackAsync();
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            database.ExecuteAsync("update public.user_fly_apps set status = 'running' where user_id = $1", mine));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_failing_script_names_itself_and_leaves_the_earlier_ones()
    {
        var database = await NewDatabaseAsync();
        await database.ExecuteAsync("alter table public.user_subscriptions rename to elsewhere");

        var error = await Assert.ThrowsAsync<StoreSchemaException>(() =>
            SchemaMigrator.MigrateAsync(database.OwnerConnectionString, Quiet, default));

        Assert.Contains("0003_windows.sql", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await database.ScalarAsync<long>("select count(*) from fly_reconciler.schema_versions"));
    }

    [Fact]
    public async Task An_owner_who_may_not_create_roles_is_told_and_the_rest_is_applied()
    {
        // A cluster of its own: on the shared one the role exists already.
        await using var cluster = await PostgresCluster.StartNewAsync();
        await ExecuteSuperAsync(cluster, $"alter role {PostgresCluster.HostOwner} nocreaterole");
        var database = await cluster.CreateDatabaseAsync();
        var lines = new List<string>();

        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, lines.Add, default);

        Assert.Contains(lines, static line => line.Contains("role fly_reconciler_daemon is missing", StringComparison.Ordinal));
        Assert.Empty(await SchemaMigrator.PendingAsync(database.OwnerConnectionString, default));
    }

    private static async Task<TestDatabase> NewDatabaseAsync() => await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ExecuteSuperAsync(PostgresCluster cluster, string sql)
    {
        await using var connection = new NpgsqlConnection(cluster.SuperuserConnectionString("postgres"));
        await connection.OpenAsync();
        await ExecuteAsync(connection, sql);
    }
}
