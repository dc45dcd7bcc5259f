using Npgsql;

namespace Store;

/// <summary>Takes away all that the migrations added. As the owner of the tables.</summary>
public static class SchemaRemoval
{
    private const string Resource = "Store.Migrating.undo.sql";

    /// <summary>In one transaction: the host's tables as they were, the old trigger on, our schema with everything in it gone.</summary>
    /// <param name="connectionString">Any form that <see cref="DatabaseUrl"/> reads.</param>
    /// <param name="cancellationToken">Ends the wait for the connection.</param>
    /// <returns>False when there was nothing to take away.</returns>
    /// <exception cref="StoreUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="StoreSchemaException">A controller holds the lease, or this role does not own the tables.</exception>
    public static async Task<bool> RemoveAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var dataSource = SchemaMigrator.CreateDataSource(connectionString);
        return await PostgresErrors.TranslateAsync("remove the schema", null, async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var exists = new NpgsqlCommand("select to_regnamespace('fly_reconciler') is not null", connection);
            if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
                return false;
            await using var command = new NpgsqlCommand(Script(), connection);
            try
            {
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.RaiseException)
            {
                throw new StoreSchemaException(refused.MessageText, refused);
            }

            return true;
        });
    }

    private static string Script()
    {
        using var stream = typeof(SchemaRemoval).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
