using Dapper;
using Npgsql;

namespace Store;

internal sealed partial class PostgresStore
{
    // One user and everybody are two texts: a prepared statement is planned once for all its parameters, and no plan serves both.
    private const string TheUser = "with wanted as (select @userId::uuid as user_id)\n";

    private const string Everybody = """
        with wanted as (select user_id from fly_reconciler.apps union
                        select user_id from fly_reconciler.ownership union
                        select user_id from fly_reconciler.intents)

        """;

    // The parts after the first are users whose row vanished with the account: what is left of them is our own record.
    private const string UsersSql = """
        select a.user_id, a.id as row_id, a.fly_app_name as app_name, a.fly_org_slug as org_slug,
               coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free') as tier,
               a.status, a.health_status, a.region, a.docker_image, a.cpu_count, a.memory_mb, a.deployed_at, a.last_health_check,
               a.error_message, coalesce(a.retry_count, 0) as retry_count, a.monthly_cost_estimate_usd as monthly_cost_usd,
               a.deleted_at, a.machine_id, a.generation, a.observed_generation, a.conditions::text as conditions,
               a.controller_state::text as controller_state, a.fingerprint, a.spec::text as spec,
               a.paused and (a.paused_until is null or a.paused_until > now()) as paused,
               a.pause_owner, a.pause_reason, a.paused_until, a.next_attempt_at, a.last_error_class,
               o.origin, o.acquired_at, o.released_at, o.org_slug as owner_org, coalesce(m.revision, r.stable) as revision, now() as read_at,
               f.apps as former_apps
          from fly_reconciler.apps a
          left join fly_reconciler.subscriptions s on s.user_id = a.user_id
          left join fly_reconciler.ownership o on o.app_name = a.fly_app_name and o.user_id = a.user_id
          left join fly_reconciler.rollout_users m on m.user_id = a.user_id
          left join fly_reconciler.rollout r on true
          left join (select n.user_id, jsonb_agg(n.app_name order by n.app_name collate "C")::text as apps
                       from (select user_id, app_name from fly_reconciler.ownership
                              where released_at is null and user_id in (select user_id from wanted)
                             union
                             select user_id, app_name from fly_reconciler.intents where user_id in (select user_id from wanted)) n
                      where not exists (select from fly_reconciler.apps b where b.fly_app_name = n.app_name)
                      group by n.user_id) f on f.user_id = a.user_id
         where a.user_id in (select user_id from wanted)
        union all
        select v.user_id, null, v.app_name, v.org_slug, 'free', v.status, v.health_status, '', '', 0, 0, null, null,
               v.error_message, v.retry_count, null, null, v.machine_id, 0, 0, v.conditions::text, v.controller_state::text, 0, null,
               false, null, null, null, v.next_attempt_at, v.last_error_class, v.origin, v.acquired_at, v.released_at, v.org_slug, null, now(), null
          from (select distinct on (o.user_id) o.*
                  from fly_reconciler.ownership o
                 where o.user_id in (select user_id from wanted) and o.released_at is null
                   and not exists (select from fly_reconciler.apps a where a.user_id = o.user_id)
                 order by o.user_id, o.acquired_at desc, o.app_name collate "C") v
        union all
        select w.user_id, null, w.app_name, coalesce((select d.org_slug from fly_reconciler.row_defaults d), ''), 'free', 'deprovisioning',
               null, '', '', 0, 0, null, null, null, 0, null, null, null, 0, 0, '[]', '{}', 0, null,
               false, null, null, null, null, null, null, null, null, null, null, now(), null
          from (select distinct on (i.user_id) i.user_id, i.app_name
                  from fly_reconciler.intents i
                 where i.user_id in (select user_id from wanted)
                   and not exists (select from fly_reconciler.apps a where a.user_id = i.user_id)
                   and not exists (select from fly_reconciler.ownership o where o.user_id = i.user_id and o.released_at is null)
                 order by i.user_id, i.created_at desc, i.launch_id) w
        """;

    private const string IntentsSql = """
        select launch_id, kind, app_name, user_id, machine_name, created_at
          from fly_reconciler.intents
         where user_id in (select user_id from wanted)
         order by created_at, launch_id
        """;

    public Task<UserApp?> ReadUserAsync(Guid userId, CancellationToken cancellationToken) =>
        RunAsync("read user", null, async connection =>
        {
            const string Sql = TheUser + UsersSql;
            var rows = await connection.QueryAsync<UserRow>(Sql, new { userId, cancellationToken });
            return await WithIntentsAsync(connection, userId, rows, cancellationToken);
        }, cancellationToken);

    public Task<UserApp?> ReadUserUnderLeaseAsync(LeaseToken lease, Guid userId, CancellationToken cancellationToken) =>
        RunAsync("read user under the lease", lease, async connection =>
        {
            const string Sql = Fence + TheUser + UsersSql;
            var rows = await connection.QueryAsync<UserRow>(
                Sql, new { lease.LeaseName, lease.Holder, lease.Epoch, userId, cancellationToken });
            return await WithIntentsAsync(connection, userId, rows, cancellationToken);
        }, cancellationToken);

    public Task<IReadOnlyList<UserApp>> ReadAllUsersAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<UserApp>>("read all users", null, async connection =>
        {
            const string Users = Everybody + UsersSql;
            const string Intents = Everybody + IntentsSql;
            var rows = await connection.QueryAsync<UserRow>(Users, new { cancellationToken });
            var intents = await connection.QueryAsync<IntentRow>(Intents, new { cancellationToken });
            return [.. Joined([.. rows], intents).OrderBy(static user => user.AppName, StringComparer.Ordinal)];
        }, cancellationToken);

    public Task<IReadOnlyDictionary<string, Guid>> FindUsersAsync(
        IReadOnlyCollection<string> idsOrAppNames, CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyDictionary<string, Guid>>("find users", null, async connection =>
        {
            const string Sql = """
                with known as (
                  select user_id, fly_app_name as app_name from fly_reconciler.apps
                  union
                  select user_id, app_name from fly_reconciler.ownership where released_at is null
                  union
                  select user_id, app_name from fly_reconciler.intents)
                select distinct on (k.app_name, k.user_id) k.app_name, k.user_id
                  from known k
                 where k.user_id = any ($1) or k.app_name = any ($2)
                """;
            var ids = idsOrAppNames.Where(static text => Guid.TryParse(text, out _)).ToLookup(static text => Guid.Parse(text));
            await using var command = new NpgsqlCommand(Sql, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids.Select(static id => id.Key)] });
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. idsOrAppNames.Select(PgText.Clean)] });

            var asked = idsOrAppNames.ToHashSet(StringComparer.Ordinal);
            var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var (appName, userId) = (reader.GetString(0), reader.GetGuid(1));
                if (asked.Contains(appName))
                    found[appName] = userId;
                foreach (var text in ids[userId])
                    found[text] = userId;
            }
            return found;
        }, cancellationToken);

    private static async Task<UserApp?> WithIntentsAsync(
        NpgsqlConnection connection, Guid userId, IEnumerable<UserRow> rows, CancellationToken cancellationToken)
    {
        const string Sql = TheUser + IntentsSql;
        return Joined(rows, await connection.QueryAsync<IntentRow>(Sql, new { userId, cancellationToken })).SingleOrDefault();
    }

    private static IEnumerable<UserApp> Joined(IEnumerable<UserRow> rows, IEnumerable<IntentRow> intents)
    {
        var byUser = intents.ToLookup(static row => row.UserId);
        return rows.Select(row => row.ToUserApp([.. byUser[row.UserId].Select(static intent => intent.ToIntent())]));
    }
}
