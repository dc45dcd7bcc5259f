using System.Globalization;
using Npgsql;

namespace Store;

/// <summary>The console's reads, compact enough to be repeated every few seconds for thousands of users.</summary>
internal sealed partial class PostgresConsoleStore(NpgsqlDataSource dataSource) : PostgresPort(dataSource), IConsoleStore
{
    private const string FleetSql = """
        with rows as (
          select a.user_id, a.fly_app_name collate "C" as app_name,
                 coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free') as tier, a.status,
                 a.deleted_at is null or o.app_name is not null as live, a.generation = a.observed_generation as observed,
                 a.paused and (a.paused_until is null or a.paused_until > now()) as paused,
                 a.pause_owner, a.pause_reason, a.paused_until, a.error_message, coalesce(a.retry_count, 0) as retries,
                 a.next_attempt_at, a.conditions, a.monthly_cost_estimate_usd as cost
            from fly_reconciler.apps a
            left join fly_reconciler.subscriptions s on s.user_id = a.user_id
            left join fly_reconciler.ownership o on o.app_name = a.fly_app_name and o.user_id = a.user_id and o.released_at is null
          union all
          select v.user_id, v.app_name collate "C", 'free', v.status, true, true, false, null, null, null, v.error_message,
                 v.retry_count, v.next_attempt_at, v.conditions, null
            from (select distinct on (o.user_id) o.*
                    from fly_reconciler.ownership o
                   where o.released_at is null and not exists (select from fly_reconciler.apps a where a.user_id = o.user_id)
                   order by o.user_id, o.acquired_at desc, o.app_name collate "C") v)
        select r.user_id, r.app_name, r.tier, r.status, r.live, r.observed, r.paused, r.pause_owner, r.pause_reason, r.paused_until,
               left(r.error_message, 500), r.retries, r.next_attempt_at,
               ready ->> 'status', ready ->> 'reason', left(case when ready ->> 'status' = 'True' then null else ready ->> 'message' end, 500),
               ready ->> 'lastTransitionTime', coalesce(progressing ->> 'status', '') = 'True',
               coalesce(degraded ->> 'status', '') = 'True', degraded ->> 'lastTransitionTime', r.cost
          from rows r
         cross join lateral (
           select jsonb_path_query_first(r.conditions, '$[*] ? (@.type == "Ready")') as ready,
                  jsonb_path_query_first(r.conditions, '$[*] ? (@.type == "Progressing")') as progressing,
                  jsonb_path_query_first(r.conditions, '$[*] ? (@.type == "Degraded")') as degraded) c
         where r.live or r.tier <> 'free'
         order by r.app_name
        """;

    private const string EventsSql = """
        select e.created_at, e.event_type, e.status, coalesce(e.metadata::text, '{}'), e.error_details
          from (select created_at, event_type, status, metadata, error_details
                  from fly_reconciler.app_events
                 where fly_app_id = (select a.id from fly_reconciler.apps a where a.user_id = $1)
                union all
                select created_at, event_type, status, metadata, error_details from fly_reconciler.events where user_id = $1) e
         where starts_with(e.event_type, $2)
         order by e.created_at desc
         limit $3
        """;

    public Task<IReadOnlyList<FleetRow>> ReadFleetAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<FleetRow>>("read the fleet", null, async connection =>
        {
            await using var command = new NpgsqlCommand(FleetSql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<FleetRow>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(ReadRow(reader));
            }

            return rows;
        }, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(Guid userId, string typePrefix, int limit, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<StoredEvent>>("read events", null, async connection =>
        {
            await using var command = new NpgsqlCommand(EventsSql, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = typePrefix });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var events = new List<StoredEvent>();
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(new StoredEvent(reader.GetDateTime(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), Text(reader, 4)));
            }

            return events;
        }, cancellationToken);

    private static FleetRow ReadRow(NpgsqlDataReader reader) => new()
    {
        UserId = reader.GetGuid(0),
        AppName = reader.GetString(1),
        Tier = Tiers.Shared(reader.GetString(2)),
        Status = reader.GetString(3),
        Live = reader.GetBoolean(4),
        Observed = reader.GetBoolean(5),
        Paused = reader.GetBoolean(6),
        PauseOwner = Text(reader, 7),
        PauseReason = Text(reader, 8),
        PausedUntil = Time(reader, 9),
        Error = Text(reader, 10),
        Retries = reader.GetInt32(11),
        NextAttemptAt = Time(reader, 12),
        Ready = Text(reader, 13),
        Reason = Text(reader, 14),
        Message = Text(reader, 15),
        ReadySince = Transition(Text(reader, 16)),
        Progressing = reader.GetBoolean(17),
        Degraded = reader.GetBoolean(18),
        DegradedSince = Transition(Text(reader, 19)),
        MonthlyCostUsd = reader.IsDBNull(20) ? null : reader.GetDecimal(20),
    };

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static DateTime? Time(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetDateTime(column);

    /// <summary>Null for what is no time: somebody may have edited the document.</summary>
    private static DateTimeOffset? Transition(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? at
            : null;
}
