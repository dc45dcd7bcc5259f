using System.Data;
using Dapper;
using Npgsql;

namespace Store;

internal sealed partial class PostgresStore
{
    private const string RevisionColumns = "select id, content::text as content, verdict, evidence, started_by from fly_reconciler.revisions";

    public Task<RolloutBoard> ReadRolloutAsync(string? revision, bool withUsers, CancellationToken cancellationToken) =>
        RunAsync("read rollout", null, async connection =>
        {
            // One moment for all of it: who acts on a mark must not have read it after the version that it is written against.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var batch = RolloutReading.Board(connection, transaction, revision, withUsers);
            RolloutBoard board;
            await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
                board = await RolloutReading.ReadAsync(reader, withUsers, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return board;
        }, cancellationToken);

    public Task<RevisionRow?> ReadRevisionAsync(string id, CancellationToken cancellationToken) =>
        RunAsync("read revision", null, async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<StoredRevision>(RevisionColumns + " where id = @id", new { id, cancellationToken });
            return row?.ToRow();
        }, cancellationToken);

    public Task<bool> WriteRolloutAsync(LeaseToken lease, RolloutWrite write, CancellationToken cancellationToken) =>
        RunAsync("write rollout", lease, async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var claim = RolloutBatch.Claim(connection, transaction, lease, write))
            await using (var reader = await claim.ExecuteReaderAsync(cancellationToken))
            {
                var claimed = false;
                do
                {
                    while (await reader.ReadAsync(cancellationToken))
                        claimed = true; // the only statement that answers with a row is the one that counts the version up
                }
                while (await reader.NextResultAsync(cancellationToken));
                if (!claimed)
                    return false;
            }
            await using (var rest = RolloutBatch.Rest(connection, transaction, write))
            {
                if (rest.BatchCommands.Count > 0)
                    await rest.ExecuteNonQueryAsync(cancellationToken);
            }
            await transaction.CommitAsync(cancellationToken);
            return true;
        }, cancellationToken);

    public Task<long> AskRolloutAsync(RolloutAsk ask, CancellationToken cancellationToken) =>
        RunAsync("ask rollout", null, connection =>
        {
            const string Sql = """
                insert into fly_reconciler.rollout_orders (kind, owner, reason, until)
                values (@kind, @owner, @reason, @until::timestamptz) returning id
                """;
            var (owner, reason, until) = (PgText.Clean(ask.Owner), PgText.Clean(ask.Reason), PgText.UtcOrNull(ask.Until));
            return connection.QuerySingleAsync<long>(Sql, new { ask.Kind, owner, reason, until, cancellationToken });
        }, cancellationToken);

    public Task<string?> ReadRolloutAnswerAsync(long order, CancellationToken cancellationToken) =>
        RunAsync("read rollout answer", null, connection => connection.QuerySingleOrDefaultAsync<string?>(
            "select answer from fly_reconciler.rollout_orders where id = @order", new { order, cancellationToken }), cancellationToken);

    public Task<IReadOnlyList<RolloutEntry>> ReadRolloutHistoryAsync(int limit, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<RolloutEntry>>("read rollout history", null, async connection =>
        {
            const string Sql = """
                select at, action, revision, owner, message from fly_reconciler.rollout_history order by id desc limit @limit
                """;
            var rows = await connection.QueryAsync<StoredEntry>(Sql, new { limit, cancellationToken });
            return [.. rows.Select(static row => new RolloutEntry(row.At, row.Action, row.Revision, row.Owner, row.Message))];
        }, cancellationToken);

    internal sealed class StoredRevision
    {
        public string Id { get; set; } = "";
        public string Content { get; set; } = "";
        public string Verdict { get; set; } = "";
        public string? Evidence { get; set; }
        public string StartedBy { get; set; } = "";

        public RevisionRow ToRow() => new(Id, Content, Verdict, Evidence, StartedBy);
    }

    internal sealed class StoredEntry
    {
        public DateTime At { get; set; }
        public string Action { get; set; } = "";
        public string Revision { get; set; } = "";
        public string Owner { get; set; } = "";
        public string Message { get; set; } = "";
    }
}
