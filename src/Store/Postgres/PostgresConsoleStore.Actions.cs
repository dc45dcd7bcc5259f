using Npgsql;
using NpgsqlTypes;

namespace Store;

internal sealed partial class PostgresConsoleStore
{
    private const string Journal = """
        insert into fly_reconciler.operator_actions (action, user_id, owner, reason, detail)
        select $1, $2, $3, $4, $5
        """;

    public Task<IReadOnlyList<OperatorAction>> ReadActionsAsync(Guid? userId, int limit, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<OperatorAction>>("read operators' actions", null, async connection =>
        {
            const string Sql = """
                select at, action, user_id, owner, reason, detail from fly_reconciler.operator_actions
                 where $1::uuid is null or user_id = $1
                 order by at desc limit $2
                """;
            await using var command = new NpgsqlCommand(Sql, connection);
            command.Parameters.Add(Id(userId));
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var actions = new List<OperatorAction>();
            while (await reader.ReadAsync(cancellationToken))
            {
                actions.Add(new OperatorAction(
                    reader.GetDateTime(0),
                    reader.GetString(1),
                    reader.IsDBNull(2) ? null : reader.GetGuid(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.GetString(5)));
            }

            return actions;
        }, cancellationToken);

    public Task RecordActionAsync(OperatorAction action, CancellationToken cancellationToken) =>
        WriteAsync("record an operator's action", Journal, action, [], cancellationToken);

    public Task<bool> PauseAsync(OperatorAction action, DateTime? until, CancellationToken cancellationToken) => WriteAsync(
        "pause",
        "with done as (select fly_reconciler.pause($2, $3, $4, $6) as paused)\n" + Journal + " from done where paused",
        action,
        [new NpgsqlParameter { Value = (object?)until ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz }],
        cancellationToken);

    public Task<bool> UnpauseAsync(OperatorAction action, CancellationToken cancellationToken) => WriteAsync(
        "unpause",
        "with done as (select fly_reconciler.unpause($2) as unpaused)\n" + Journal + " from done where unpaused",
        action,
        [],
        cancellationToken);

    /// <summary>True when the action was recorded, which is when it was done.</summary>
    private Task<bool> WriteAsync(
        string operation, string sql, OperatorAction action, IReadOnlyList<NpgsqlParameter> more, CancellationToken cancellationToken) =>
        RunAsync(operation, null, async connection =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(Word(action.Action));
            command.Parameters.Add(Id(action.UserId));
            command.Parameters.Add(Word(action.Owner));
            command.Parameters.Add(Word(action.Reason));
            command.Parameters.Add(Word(action.Detail));
            foreach (var parameter in more)
            {
                command.Parameters.Add(parameter);
            }

            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        }, cancellationToken);

    private static NpgsqlParameter Word(string text) => new() { Value = PgText.Clean(text), NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Id(Guid? id) => new() { Value = (object?)id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid };
}
