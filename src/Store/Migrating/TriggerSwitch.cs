using Npgsql;

namespace Store;

/// <summary>Which of the two triggers follows the subscriptions: the host's old one, which calls its functions, or ours. As the owner of the tables.</summary>
public static class TriggerSwitch
{
    /// <summary>Ours on, the old one off.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreSchemaException">The schema is missing, or this role does not own the table.</exception>
    public static Task ToOursAsync(string connectionString, CancellationToken cancellationToken) =>
        CallAsync(connectionString, "select fly_reconciler.replace_old_trigger()", cancellationToken);

    /// <summary>The old one on, ours off.</summary>
    /// <inheritdoc cref="ToOursAsync"/>
    public static Task ToOldAsync(string connectionString, CancellationToken cancellationToken) =>
        CallAsync(connectionString, "select fly_reconciler.restore_old_trigger()", cancellationToken);

    private static async Task CallAsync(string connectionString, string sql, CancellationToken cancellationToken)
    {
        await using var dataSource = SchemaMigrator.CreateDataSource(connectionString);
        await PostgresErrors.TranslateAsync("switch the trigger", null, async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        });
    }
}
