using Npgsql;
using NpgsqlTypes;

namespace Store;

/// <summary>
/// Statuses and events of any number of users as three or four statements in one round trip and one transaction. Plain Npgsql:
/// the columns travel as arrays, which is no parameter that Dapper can make.
/// </summary>
internal static class StatusBatch
{
    // A status write never brings a row back to life, and it does not bury one that was: whoever reactivated the row between our
    // look and this write counted its generation up. Nor does it speak over a burial it has not seen: nobody looks at a buried row
    // again, so that it would stand as it is. Comparing and writing use the same expressions, or a quiet system would write.
    private const string RowsSql = """
        with i as (
          select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[],
                               $9::timestamptz[], $10::timestamptz[], $11::text[], $12::int[], $13::numeric[], $14::timestamptz[],
                               $15::bigint[], $16::text[], $17::text[], $18::bigint[], $19::timestamptz[], $20::text[])
              as i (user_id, row_id, status, health_status, region, docker_image, cpu_count, memory_mb,
                    deployed_at, last_health_check, error_message, retry_count, cost, deleted_at,
                    observed_generation, conditions, controller_state, fingerprint, next_attempt_at, last_error_class))
        update fly_reconciler.apps a
           set status = i.status, health_status = i.health_status, region = i.region, docker_image = i.docker_image,
               cpu_count = i.cpu_count, memory_mb = i.memory_mb, deployed_at = i.deployed_at,
               last_health_check = i.last_health_check, error_message = i.error_message, retry_count = i.retry_count,
               monthly_cost_estimate_usd = i.cost::numeric(10,2), deleted_at = coalesce(i.deleted_at, a.deleted_at),
               observed_generation = greatest(i.observed_generation, a.observed_generation), conditions = i.conditions::jsonb,
               controller_state = i.controller_state::jsonb, fingerprint = i.fingerprint, next_attempt_at = i.next_attempt_at,
               last_error_class = i.last_error_class, updated_at = now()
          from i
         where a.id = i.row_id and a.user_id = i.user_id
           and ((i.deleted_at is null) = (a.deleted_at is null) or (a.deleted_at is null and a.generation = i.observed_generation))
           and (a.status, a.health_status, a.region, a.docker_image, a.cpu_count, a.memory_mb, a.deployed_at, a.last_health_check,
                a.error_message, a.retry_count, a.monthly_cost_estimate_usd, a.deleted_at, a.observed_generation, a.conditions,
                a.controller_state, a.fingerprint, a.next_attempt_at, a.last_error_class)
               is distinct from
               (i.status, i.health_status, i.region, i.docker_image, i.cpu_count, i.memory_mb, i.deployed_at, i.last_health_check,
                i.error_message, i.retry_count, i.cost::numeric(10,2), coalesce(i.deleted_at, a.deleted_at),
                greatest(i.observed_generation, a.observed_generation), i.conditions::jsonb, i.controller_state::jsonb,
                i.fingerprint, i.next_attempt_at, i.last_error_class)
        returning a.user_id
        """;

    // Users whose row vanished keep their status in our own record of the app.
    private const string VanishedSql = """
        update fly_reconciler.ownership o
           set status = i.status, health_status = i.health_status, error_message = i.error_message, retry_count = i.retry_count,
               conditions = i.conditions::jsonb, controller_state = i.controller_state::jsonb, next_attempt_at = i.next_attempt_at,
               last_error_class = i.last_error_class
          from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[], $9::timestamptz[],
                      $10::text[])
            as i (user_id, app_name, status, health_status, error_message, retry_count, conditions, controller_state, next_attempt_at,
                  last_error_class)
         where o.app_name = i.app_name and o.user_id = i.user_id
           and (o.status, o.health_status, o.error_message, o.retry_count, o.conditions, o.controller_state, o.next_attempt_at,
                o.last_error_class)
               is distinct from
               (i.status, i.health_status, i.error_message, i.retry_count, i.conditions::jsonb, i.controller_state::jsonb,
                i.next_attempt_at, i.last_error_class)
        returning o.user_id
        """;

    // The event of a row that has vanished meanwhile goes to our own journal. The microseconds keep one user's events in order.
    private const string EventsSql = """
        with e as (
          select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) with ordinality
              as e (user_id, row_id, app_name, type, status, metadata, error_details, position)),
        target as (
          select a.id from fly_reconciler.apps a where a.id in (select row_id from e) for key share),
        of_rows as (
          insert into fly_reconciler.app_events (id, fly_app_id, user_id, event_type, status, metadata, error_details, created_at)
          select gen_random_uuid(), t.id, e.user_id, e.type, e.status, e.metadata::jsonb, e.error_details,
                 now() + e.position * interval '1 microsecond'
            from e join target t on t.id = e.row_id
           order by e.position)
        insert into fly_reconciler.events (user_id, app_name, event_type, status, metadata, error_details, created_at)
        select e.user_id, e.app_name, e.type, e.status, e.metadata::jsonb, e.error_details,
               now() + e.position * interval '1 microsecond'
          from e
         where e.row_id is null or not exists (select from target t where t.id = e.row_id)
         order by e.position
        """;

    public static NpgsqlBatch Create(NpgsqlConnection connection, LeaseToken lease, IReadOnlyList<StatusWrite> writes)
    {
        var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command(
            "call fly_reconciler.fence($1, $2, $3)",
            new NpgsqlParameter<string> { TypedValue = lease.LeaseName },
            new NpgsqlParameter<string> { TypedValue = lease.Holder },
            new NpgsqlParameter<long> { TypedValue = lease.Epoch }));

        // In one order everywhere, so that two batches cannot wait for each other's rows.
        var ordered = writes.OrderBy(static write => write.UserId).ToList();
        var rows = ordered.Where(static write => write.RowId is not null).ToList();
        var vanished = ordered.Where(static write => write.RowId is null).ToList();
        var events = ordered.SelectMany(static write => write.Events, static (write, @event) => (write, @event)).ToList();
        if (rows.Count > 0)
            batch.BatchCommands.Add(Rows(rows));
        if (vanished.Count > 0)
            batch.BatchCommands.Add(Vanished(vanished));
        if (events.Count > 0)
            batch.BatchCommands.Add(Events(events));
        return batch;
    }

    private static NpgsqlBatchCommand Rows(List<StatusWrite> rows) => Command(
        RowsSql,
        Uuids(rows, static write => write.UserId),
        Uuids(rows, static write => write.RowId!.Value),
        Texts(rows, static write => write.Status),
        Texts(rows, static write => write.HealthStatus),
        Texts(rows, static write => write.Region),
        Texts(rows, static write => write.DockerImage),
        Integers(rows, static write => write.CpuCount),
        Integers(rows, static write => write.MemoryMb),
        Times(rows, static write => write.DeployedAt),
        Times(rows, static write => write.LastHealthCheck),
        Texts(rows, static write => write.ErrorMessage),
        Integers(rows, static write => write.RetryCount),
        Column(NpgsqlDbType.Numeric, rows, static write => write.MonthlyCostUsd),
        Times(rows, static write => write.DeletedAt),
        Bigints(rows, static write => write.ObservedGeneration),
        Jsons(rows, static write => write.Conditions),
        Jsons(rows, static write => write.ControllerState),
        Bigints(rows, static write => write.Fingerprint),
        Times(rows, static write => write.NextAttemptAt),
        Texts(rows, static write => write.LastErrorClass));

    private static NpgsqlBatchCommand Vanished(List<StatusWrite> rows) => Command(
        VanishedSql,
        Uuids(rows, static write => write.UserId),
        Texts(rows, static write => write.AppName),
        Texts(rows, static write => write.Status),
        Texts(rows, static write => write.HealthStatus),
        Texts(rows, static write => write.ErrorMessage),
        Integers(rows, static write => write.RetryCount),
        Jsons(rows, static write => write.Conditions),
        Jsons(rows, static write => write.ControllerState),
        Times(rows, static write => write.NextAttemptAt),
        Texts(rows, static write => write.LastErrorClass));

    private static NpgsqlBatchCommand Events(List<(StatusWrite Write, EventWrite Event)> events) => Command(
        EventsSql,
        Uuids(events, static item => item.Write.UserId),
        Column(NpgsqlDbType.Uuid, events, static item => item.Write.RowId),
        Texts(events, static item => item.Write.AppName),
        Texts(events, static item => item.Event.Type),
        Texts(events, static item => item.Event.Status),
        Jsons(events, static item => item.Event.Metadata),
        Texts(events, static item => item.Event.ErrorDetails));

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlParameter<Guid[]> Uuids<T>(List<T> rows, Func<T, Guid> value) => Column(NpgsqlDbType.Uuid, rows, value);

    private static NpgsqlParameter<int[]> Integers<T>(List<T> rows, Func<T, int> value) => Column(NpgsqlDbType.Integer, rows, value);

    private static NpgsqlParameter<long[]> Bigints<T>(List<T> rows, Func<T, long> value) => Column(NpgsqlDbType.Bigint, rows, value);

    private static NpgsqlParameter<string?[]> Texts<T>(List<T> rows, Func<T, string?> value) =>
        Column(NpgsqlDbType.Text, rows, row => PgText.CleanOrNull(value(row)));

    private static NpgsqlParameter<string[]> Jsons<T>(List<T> rows, Func<T, string> value) =>
        Column(NpgsqlDbType.Text, rows, row => PgText.CleanJson(value(row)));

    private static NpgsqlParameter<DateTime?[]> Times<T>(List<T> rows, Func<T, DateTime?> value) =>
        Column(NpgsqlDbType.TimestampTz, rows, row => PgText.UtcOrNull(value(row)));

    private static NpgsqlParameter<TValue[]> Column<T, TValue>(NpgsqlDbType type, List<T> rows, Func<T, TValue> value) => new()
    {
        NpgsqlDbType = NpgsqlDbType.Array | type,
        TypedValue = [.. rows.Select(value)],
    };
}
