using Npgsql;

namespace Store;

/// <summary>The statements of one look at a rollout, and their answers. Plain Npgsql: the users of a whole fleet are read with it.</summary>
internal static class RolloutReading
{
    private const string StateSql = "select version, stable, candidate, state::text from fly_reconciler.rollout";

    private const string RevisionsSql = """
        select r.id, r.content::text, r.verdict, r.evidence, r.started_by
          from fly_reconciler.revisions r
         where r.id = $1 or exists (select from fly_reconciler.rollout o where r.id in (o.stable, o.candidate))
         order by r.id collate "C"
        """;

    private const string OrdersSql = """
        select id, kind, owner, reason, until from fly_reconciler.rollout_orders where answer is null order by id
        """;

    private const string UsersSql = """
        select a.user_id, a.fly_app_name, t.tier <> 'free' and a.deleted_at is null as entitled,
               a.paused and (a.paused_until is null or a.paused_until > now()) as paused, coalesce(a.spec ? 'image', false) as own_image,
               a.status, a.health_status, a.machine_id, a.fingerprint <> 0 as converged,
               a.controller_state ->> 'revision' as runs, a.controller_state ->> 'target' as target, a.last_error_class,
               case when m.user_id is not null then a.conditions::text end as conditions,
               case when m.user_id is not null then a.controller_state::text end as controller_state,
               m.revision, m.wave, m.admitted_at, m.deadline_from, m.was_down, m.proving_since, m.verdict, m.why, t.tier
          from fly_reconciler.apps a
          left join fly_reconciler.subscriptions s on s.user_id = a.user_id
          left join fly_reconciler.rollout_users m on m.user_id = a.user_id
         cross join lateral (
           select coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free') as tier) t
         where m.user_id is not null or (t.tier <> 'free' and a.deleted_at is null)
        union all
        select m.user_id, '', false, false, false, 'deleted', null, null, false, null, null, null, null, null,
               m.revision, m.wave, m.admitted_at, m.deadline_from, m.was_down, m.proving_since, m.verdict, m.why, 'free'
          from fly_reconciler.rollout_users m
         where not exists (select from fly_reconciler.apps a where a.user_id = m.user_id)
         order by 1
        """;

    public static NpgsqlBatch Board(NpgsqlConnection connection, NpgsqlTransaction transaction, string? revision, bool withUsers)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(StateSql));
        var revisions = new NpgsqlBatchCommand(RevisionsSql);
        revisions.Parameters.Add(new NpgsqlParameter<string> { TypedValue = revision ?? "" });
        batch.BatchCommands.Add(revisions);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(OrdersSql));
        if (withUsers)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(UsersSql));
        return batch;
    }

    public static async Task<RolloutBoard> ReadAsync(NpgsqlDataReader reader, bool withUsers, CancellationToken cancellationToken)
    {
        var board = new RolloutBoard(0, null, null, "{}", [], [], []);
        if (await reader.ReadAsync(cancellationToken))
        {
            board = board with
            {
                Version = reader.GetInt64(0), Stable = reader.GetString(1), Candidate = Text(reader, 2), State = reader.GetString(3),
            };
        }
        board = board with { Revisions = await RowsAsync(reader, Revision, cancellationToken) };
        board = board with { Orders = await RowsAsync(reader, Order, cancellationToken) };
        if (!withUsers)
            return board;
        var shared = new SharedTexts();
        return board with { Users = await RowsAsync(reader, row => User(row, shared), cancellationToken) };
    }

    private static async Task<List<T>> RowsAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private static RevisionRow Revision(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetString(1), row.GetString(2), Text(row, 3), row.GetString(4));

    private static RolloutOrder Order(NpgsqlDataReader row) =>
        new(row.GetInt64(0), new RolloutAsk(row.GetString(1), row.GetString(2), row.GetString(3), Time(row, 4)), null);

    private static RolloutUser User(NpgsqlDataReader row, SharedTexts shared)
    {
        var userId = row.GetGuid(0);
        return new RolloutUser
        {
            UserId = userId,
            AppName = row.GetString(1),
            Tier = Tiers.Shared(row.GetString(22)),
            Entitled = row.GetBoolean(2),
            Paused = row.GetBoolean(3),
            OwnImage = row.GetBoolean(4),
            Status = shared.Share(row.GetString(5)),
            HealthStatus = Text(row, 6) is { } health ? shared.Share(health) : null,
            MachineId = Text(row, 7),
            Converged = row.GetBoolean(8),
            Runs = Text(row, 9) is { } runs ? shared.Share(runs) : null,
            Target = Text(row, 10) is { } target ? shared.Share(target) : null,
            LastErrorClass = Text(row, 11),
            Conditions = Text(row, 12),
            ControllerState = Text(row, 13),
            Mark = row.IsDBNull(14)
                ? null
                : new RolloutMark(
                    userId, shared.Share(row.GetString(14)), row.GetInt32(15), row.GetDateTime(16), row.GetDateTime(17), row.GetBoolean(18),
                    Time(row, 19), shared.Share(row.GetString(20)), row.GetString(21)),
        };
    }

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTime? Time(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDateTime(column);
}
