namespace Store.Tests;

public sealed class PreparedStatementTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_statement_that_comes_again_is_prepared_unless_a_pooler_changes_the_server(bool pooler, bool prepared)
    {
        await using var stores = OneConnection(pooler);
        await ReadAsync(stores);

        Assert.Equal(prepared, await AskAsync(stores, "count(*) > 0"));
    }

    [Fact]
    public async Task The_read_of_one_user_among_thousands_is_not_planned_anew_each_time()
    {
        await fixture.Database.ExecuteAsync("""
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, 2000);
            insert into public.user_subscriptions (user_id, tier) select id, 'pro' from auth.users u
             where not exists (select from public.user_subscriptions s where s.user_id = u.id);
            insert into fly_reconciler.ownership (app_name, user_id, origin, org_slug)
            select fly_app_name, user_id, 'created', 'vyx' from public.user_fly_apps on conflict do nothing;
            analyze;
            """);
        await using var stores = OneConnection(pooler: false);
        await ReadAsync(stores);

        Assert.True(await AskAsync(stores, "sum(generic_plans) > 0"));
    }

    [Fact]
    public async Task A_column_that_changes_under_a_prepared_statement_costs_one_unavailable_call()
    {
        var database = await fixture.Database.Cluster.CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);
        var pooled = new Npgsql.NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Pooling = true, MaxPoolSize = 1 };
        await using var stores = StoreFixture.Open(pooled.ConnectionString);
        await ReadAsync(stores);

        await database.ExecuteAsync("alter table fly_reconciler.intents alter column machine_name type varchar(200)");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.ReadUserAsync(Guid.Empty, default));
        await ReadAsync(stores);
    }

    [Fact]
    public void A_statement_that_was_lost_between_two_transactions_asks_for_the_poolers_setting()
    {
        var lost = new Npgsql.PostgresException("prepared statement \"_p1\" does not exist", "ERROR", "ERROR", "26000");

        var error = Assert.IsType<StoreSchemaException>(PostgresErrors.Translate("read user", null, lost));
        Assert.Contains("pgbouncer=true", error.Message, StringComparison.Ordinal);
    }

    private PostgresStores OneConnection(bool pooler)
    {
        var connection = new Npgsql.NpgsqlConnectionStringBuilder(fixture.DaemonConnectionString) { MaxPoolSize = 1 };
        return StoreFixture.Open(
            $"postgres://{connection.Username}:{connection.Password}@{connection.Host}:{connection.Port}/{connection.Database}"
            + $"?sslmode=disable&connection_limit=1&pgbouncer={(pooler ? "true" : "false")}");
    }

    /// <summary>Asks the session that the user was read in about the statement that it was read with.</summary>
    private static async Task<bool> AskAsync(PostgresStores stores, string what)
    {
        await using var connection = await stores.DataSource.OpenConnectionAsync();
        await using var command = new Npgsql.NpgsqlCommand(
            $"select {what} from pg_prepared_statements where statement like '%a.id as row_id%'", connection);
        return await command.ExecuteScalarAsync() is true;
    }

    /// <summary>Often enough for the server to have chosen a plan for good: it tries five for the parameters first.</summary>
    private static async Task ReadAsync(PostgresStores stores)
    {
        for (var i = 0; i < 12; i++)
            await stores.Store.ReadUserAsync(Guid.Empty, default);
    }
}
