namespace Store.Tests;

public sealed class ErrorTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_database_that_is_not_there_is_unavailable()
    {
        await using var stores = StoreFixture.Open("postgres://u:hidden-password@127.0.0.1:1/d?sslmode=disable");

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.ReadSummariesAsync(default));

        Assert.StartsWith("read summaries: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-password", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_unavailable_and_not_quoted()
    {
        var wrong = new Npgsql.NpgsqlConnectionStringBuilder(fixture.DaemonConnectionString) { Password = "wrong-password" };
        await using var stores = StoreFixture.Open(wrong.ConnectionString);

        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.ReadCensusAsync(default));

        Assert.Contains("28P01", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_without_our_schema_asks_for_the_migration()
    {
        var database = await fixture.Database.Cluster.CreateDatabaseAsync();
        await using var stores = StoreFixture.Open(database.OwnerConnectionString);

        var error = await Assert.ThrowsAsync<StoreSchemaException>(() => stores.Store.ReadSummariesAsync(default));

        Assert.Contains("reconciler migrate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_without_grants_is_told_which()
    {
        await fixture.Database.Cluster.CreateLoginAsync("stranger");
        await using var stores = StoreFixture.Open(fixture.Database.ConnectionStringOf("stranger"));

        var error = await Assert.ThrowsAsync<StoreSchemaException>(() => stores.Store.ReadSummariesAsync(default));

        Assert.Contains("grant fly_reconciler_daemon", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("25P03")] // a process that was frozen in the middle of a transaction
    [InlineData("40001")]
    [InlineData("57P01")]
    public void What_passes_by_itself_is_the_databases_absence(string state)
    {
        var ended = new Npgsql.PostgresException("terminating connection", "FATAL", "FATAL", state);

        var error = Assert.IsType<StoreUnavailableException>(PostgresErrors.Translate("write rollout", null, ended));

        Assert.Equal($"write rollout: terminating connection ({state})", error.Message);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_and_not_unavailable()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Store.ReadSummariesAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Store.ReadUserAsync(Guid.Empty, cancelled.Token));
    }

    [Fact]
    public async Task A_restart_of_the_server_costs_unavailable_calls_and_heals()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var database = await cluster.CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);
        var pooled = new Npgsql.NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { Pooling = true };
        await using var stores = StoreFixture.Open(pooled.ConnectionString);
        await stores.Store.ReadCensusAsync(default);

        cluster.Stop(ShutdownMode.Immediate);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.ReadCensusAsync(default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.ReadCensusAsync(default));
        cluster.Start();

        Assert.Equal(new Census(0, 0, 0), await stores.Store.ReadCensusAsync(default));
    }

    [Fact]
    public async Task A_read_only_server_is_unavailable_for_writes()
    {
        var readOnly = new Npgsql.NpgsqlConnectionStringBuilder(fixture.DaemonConnectionString)
        {
            Options = "-c default_transaction_read_only=on",
        };
        await using var stores = StoreFixture.Open(readOnly.ConnectionString);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Store.WriteFleetStateAsync(fixture.Lease, "k", "{}", default));
    }
}
