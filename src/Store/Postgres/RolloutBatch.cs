using Npgsql;
using NpgsqlTypes;

namespace Store;

/// <summary>The statements of one turn's outcome, in one transaction: first those that decide whether it is still wanted, then the rest.</summary>
internal static class RolloutBatch
{
    private const string RevisionSql = """
        insert into fly_reconciler.revisions as r (id, content, verdict, evidence, started_by) values ($1, $2::jsonb, $3, $4, $5)
        on conflict (id) do update set content = excluded.content, verdict = excluded.verdict, evidence = excluded.evidence
         where (r.content, r.verdict, r.evidence) is distinct from (excluded.content, excluded.verdict, excluded.evidence)
        """;

    // Version 0 is no row. Of two who insert one waits for the other and then has nothing to say.
    private const string FirstSql = """
        insert into fly_reconciler.rollout (version, stable, candidate, state) values (1 + $1, $2, $3, $4::jsonb)
        on conflict do nothing returning version
        """;

    private const string NextSql = """
        update fly_reconciler.rollout
           set version = version + 1, stable = $2, candidate = $3, state = $4::jsonb, updated_at = now()
         where version = $1 returning version
        """;

    private const string DueSql = """
        update fly_reconciler.apps a
           set next_attempt_at = null, retry_count = 0, last_error_class = null, updated_at = now()
          from unnest($1::uuid[], $2::text[]) i (user_id, revision)
          left join fly_reconciler.rollout_users m on m.user_id = i.user_id
         where a.user_id = i.user_id and m.revision is distinct from i.revision and a.retry_count > 0
        """;

    private const string MarksSql = """
        insert into fly_reconciler.rollout_users
               (user_id, revision, wave, admitted_at, deadline_from, was_down, proving_since, verdict, why)
        select * from unnest($1::uuid[], $2::text[], $3::int[], $4::timestamptz[], $5::timestamptz[], $6::bool[], $7::timestamptz[],
                             $8::text[], $9::text[])
        on conflict (user_id) do update
           set revision = excluded.revision, wave = excluded.wave, admitted_at = excluded.admitted_at,
               deadline_from = excluded.deadline_from, was_down = excluded.was_down, proving_since = excluded.proving_since,
               verdict = excluded.verdict, why = excluded.why
        """;

    public static NpgsqlBatch Claim(NpgsqlConnection connection, NpgsqlTransaction transaction, LeaseToken lease, RolloutWrite write)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, "call fly_reconciler.fence($1, $2, $3)", Text(lease.LeaseName), Text(lease.Holder), Long(lease.Epoch));
        foreach (var row in write.Revisions.OrderBy(static row => row.Id, StringComparer.Ordinal))
        {
            Add(batch, RevisionSql, Text(row.Id), Text(PgText.CleanJson(row.Content)), Text(row.Verdict), Text(row.Evidence), Text(row.StartedBy));
        }
        Add(
            batch, write.Expected == 0 ? FirstSql : NextSql,
            Long(write.Expected), Text(write.Stable), Text(write.Candidate), Text(PgText.CleanJson(write.State)));
        return batch;
    }

    public static NpgsqlBatch Rest(NpgsqlConnection connection, NpgsqlTransaction transaction, RolloutWrite write)
    {
        var batch = new NpgsqlBatch(connection, transaction);
        var marks = write.Marks.OrderBy(static mark => mark.UserId).ToList();
        if (marks.Count > 0)
            Add(batch, DueSql, Column(NpgsqlDbType.Uuid, marks, static mark => mark.UserId), Texts(marks, static mark => mark.Revision));
        if (write.UnmarkAll)
            Add(batch, "delete from fly_reconciler.rollout_users");
        else if (write.Unmarked.Count > 0)
            Add(batch, "delete from fly_reconciler.rollout_users where user_id = any ($1)", Column(NpgsqlDbType.Uuid, [.. write.Unmarked], static id => id));
        if (marks.Count > 0)
            Add(batch, MarksSql, Marks(marks));
        foreach (var entry in write.Entries)
        {
            Add(
                batch, "insert into fly_reconciler.rollout_history (action, revision, owner, message) values ($1, $2, $3, $4)",
                Text(entry.Action), Text(entry.Revision), Text(entry.Owner), Text(entry.Message));
        }
        foreach (var (order, answer) in write.Answers)
        {
            Add(
                batch, "update fly_reconciler.rollout_orders set answer = $2, answered_at = now() where id = $1 and answer is null",
                Long(order), Text(answer));
        }
        return batch;
    }

    private static NpgsqlParameter[] Marks(List<RolloutMark> marks) =>
    [
        Column(NpgsqlDbType.Uuid, marks, static mark => mark.UserId),
        Texts(marks, static mark => mark.Revision),
        Column(NpgsqlDbType.Integer, marks, static mark => mark.Wave),
        Column(NpgsqlDbType.TimestampTz, marks, static mark => PgText.UtcOrNull(mark.AdmittedAt)),
        Column(NpgsqlDbType.TimestampTz, marks, static mark => PgText.UtcOrNull(mark.DeadlineFrom)),
        Column(NpgsqlDbType.Boolean, marks, static mark => mark.WasDown),
        Column(NpgsqlDbType.TimestampTz, marks, static mark => PgText.UtcOrNull(mark.ProvingSince)),
        Texts(marks, static mark => mark.Verdict),
        Texts(marks, static mark => mark.Why),
    ];

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        batch.BatchCommands.Add(command);
    }

    private static NpgsqlParameter<string?> Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = PgText.CleanOrNull(value) };

    private static NpgsqlParameter<long> Long(long value) => new() { TypedValue = value };

    private static NpgsqlParameter<string[]> Texts(List<RolloutMark> marks, Func<RolloutMark, string> value) =>
        Column(NpgsqlDbType.Text, marks, mark => PgText.Clean(value(mark)));

    private static NpgsqlParameter<TValue[]> Column<T, TValue>(NpgsqlDbType type, List<T> rows, Func<T, TValue> value) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Array | type,
        TypedValue = [.. rows.Select(value)],
    };
}
