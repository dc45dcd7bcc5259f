using Npgsql;

namespace Store;

internal sealed partial class PostgresStore
{
    public async Task<IReadOnlyList<Guid>> WriteStatusesAsync(
        LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return [];
        if (writes.DistinctBy(static write => write.UserId).Count() != writes.Count)
            throw new ArgumentException("a user has two statuses in one call", nameof(writes));
        try
        {
            return await WriteTogetherAsync(lease, writes, cancellationToken);
        }
        catch (PostgresException error) when (IsRefusedValue(error))
        {
            return await WriteOneByOneAsync(lease, writes, cancellationToken);
        }
    }

    private Task<IReadOnlyList<Guid>> WriteTogetherAsync(
        LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<Guid>>("write statuses", lease, async connection =>
        {
            await using var batch = StatusBatch.Create(connection, lease, writes);
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var changed = new List<Guid>();
            do
            {
                while (await reader.ReadAsync(cancellationToken))
                    changed.Add(reader.GetGuid(0));
            }
            while (await reader.NextResultAsync(cancellationToken));
            return changed;
        }, cancellationToken);

    /// <summary>After a refusal: one user's bad value must not keep the others' statuses from being written.</summary>
    private async Task<IReadOnlyList<Guid>> WriteOneByOneAsync(
        LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken)
    {
        var written = new List<Guid>();
        var rejected = new Dictionary<Guid, string>();
        foreach (var write in writes)
        {
            try
            {
                written.AddRange(await WriteTogetherAsync(lease, [write], cancellationToken));
            }
            catch (PostgresException error) when (IsRefusedValue(error))
            {
                // Neither MessageText nor the names quote the row; Detail would.
                var reason = error.ConstraintName is { } constraint
                    ? $"the check {PgText.OneLine(constraint)} of {error.TableName} does not allow a value"
                    : $"{PgText.OneLine(error.MessageText)} ({error.SqlState})";
                rejected.Add(write.UserId, reason);
                StoreLog.StatusRejected(logger, write.UserId, reason);
            }
        }
        return rejected.Count == 0 ? written : throw new StatusRejectedException(rejected, written);
    }

    /// <summary>Classes 22, data, and 23, constraints.</summary>
    private static bool IsRefusedValue(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);
}
