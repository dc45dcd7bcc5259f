using DbUp;
using DbUp.Engine;
using Npgsql;

namespace Store;

/// <summary>Brings the database's schema up to date. Connects as the role that owns the host application's tables.</summary>
public static class SchemaMigrator
{
    /// <summary>Arbitrary, but the same in every release: two migrations of one database take turns.</summary>
    private const long AdvisoryLock = 0x666c795f7265636f;

    /// <summary>Applies the scripts that the journal does not name, each in a transaction.</summary>
    /// <param name="connectionString">Any form that <see cref="DatabaseUrl"/> reads.</param>
    /// <param name="log">Receives progress, line by line, and the database's notices.</param>
    /// <param name="cancellationToken">Ends the wait for the connection and the lock; a script that runs is not torn.</param>
    /// <param name="keepOldTrigger">Leaves the host's own trigger on and ours off; the switch is made later, by <see cref="TriggerSwitch"/>.</param>
    /// <returns>The names of the scripts applied.</returns>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreSchemaException">A script failed; the message names it and the database's reason.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        string connectionString, Action<string> log, CancellationToken cancellationToken, bool keepOldTrigger = false)
    {
        await using var dataSource = CreateDataSource(connectionString, keepOldTrigger);
        // The connection holds the lock for the length of the run: closing it, however that comes, gives it back.
        await using var locked = await PostgresErrors.TranslateAsync("migrate", null, async () =>
        {
            var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({AdvisoryLock})", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        });
        await using (var command = new NpgsqlCommand($"create schema if not exists {MigrationScripts.JournalSchema}", locked))
            await PostgresErrors.TranslateAsync("migrate", null, () => command.ExecuteNonQueryAsync(cancellationToken));

        var result = await Task.Run(() => Engine(dataSource, log).PerformUpgrade(), CancellationToken.None);
        if (!result.Successful)
            throw Failure(result);
        return [.. result.Scripts.Select(static script => script.Name)];
    }

    /// <summary>The scripts that the journal does not name yet; empty when the schema is current.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    public static async Task<IReadOnlyList<string>> PendingAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        const string Journal = $"{MigrationScripts.JournalSchema}.{MigrationScripts.JournalTable}";
        return await PostgresErrors.TranslateAsync<IReadOnlyList<string>>("read the migration journal", null, async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            var applied = new HashSet<string>(StringComparer.Ordinal);
            // The catalog answers without a right on the schema, which a role before its grants does not have.
            const string ExistsSql = $"""
                select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = '{MigrationScripts.JournalSchema}' and c.relname = '{MigrationScripts.JournalTable}')
                """;
            await using var exists = new NpgsqlCommand(ExistsSql, connection);
            if (await exists.ExecuteScalarAsync(cancellationToken) is true)
            {
                await using var command = new NpgsqlCommand($"select scriptname from {Journal}", connection);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                    applied.Add(reader.GetString(0));
            }
            return [.. MigrationScripts.All.Select(static script => script.Name).Where(name => !applied.Contains(name))];
        });
    }

    /// <inheritdoc cref="PendingAsync(NpgsqlDataSource, CancellationToken)"/>
    public static async Task<IReadOnlyList<string>> PendingAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var dataSource = CreateDataSource(connectionString);
        return await PendingAsync(dataSource, cancellationToken);
    }

    internal static NpgsqlDataSource CreateDataSource(string connectionString, bool keepOldTrigger = false)
    {
        var url = DatabaseUrl.Parse(connectionString);
        if (keepOldTrigger && url.TransactionPooler)
            throw new StoreSchemaException("keeping the old trigger needs a direct connection: a transaction pooler drops the session's setting");
        var builder = new NpgsqlConnectionStringBuilder(url.ConnectionString)
        {
            // The wait for another migration, and an index on a large table, take longer than any of the store's statements may.
            CommandTimeout = 300,
            Pooling = false,
            MaxAutoPrepare = 0, // nothing here comes twice
        };
        var options = "-c lock_timeout=10s" + (keepOldTrigger ? " -c fly_reconciler.keep_old_trigger=on" : "");
        return DataSources.Slim(builder, url.TransactionPooler ? null : options).Build();
    }

    private static UpgradeEngine Engine(NpgsqlDataSource dataSource, Action<string> log) => DeployChanges.To
        .PostgresqlDatabase(new DbUpConnections(dataSource, log))
        .WithScripts(MigrationScripts.All.Select(static script => new SqlScript(script.Name, script.Sql)))
        .WithVariablesDisabled() // $name$ quotes function bodies here
        .WithTransactionPerScript()
        .JournalToPostgresqlTable(MigrationScripts.JournalSchema, MigrationScripts.JournalTable)
        .LogTo(new DbUpLog(log))
        .Build();

    private static Exception Failure(DatabaseUpgradeResult result)
    {
        var script = result.ErrorScript is null ? "the journal" : result.ErrorScript.Name;
        var translated = PostgresErrors.Translate($"migrate ({script})", null, result.Error);
        return translated is StoreUnavailableException
            ? translated
            : new StoreSchemaException($"migration {script} failed: {result.Error.Message}", result.Error);
    }
}
