using Npgsql;

namespace Store;

/// <summary>One connection per call, errors in the contract's words.</summary>
internal abstract class PostgresPort(NpgsqlDataSource dataSource)
{
    /// <summary>
    /// Begins every fenced SQL text. All statements of one text travel together and are one transaction, and each sees what was
    /// committed when it begins: the share lock on the lease is held before the write looks at anything.
    /// </summary>
    protected const string Fence = "call fly_reconciler.fence(@leaseName, @holder, @epoch);\n";

    protected Task<T> RunAsync<T>(
        string operation, LeaseToken? lease, Func<NpgsqlConnection, Task<T>> body, CancellationToken cancellationToken) =>
        PostgresErrors.TranslateAsync(operation, lease, async () =>
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            return await body(connection);
        });
}
