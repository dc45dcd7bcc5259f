using Npgsql;

namespace Store;

internal sealed partial class PostgresStore
{
    private const string SummariesSql = """
        select a.user_id, a.fly_app_name collate "C" as app_name, t.tier,
               a.deleted_at is null or o.app_name is not null or i.user_id is not null
                 or (a.status <> 'deleted' and a.observed_generation > 0) as live,
               a.generation = a.observed_generation
                 and (a.next_attempt_at is null or a.next_attempt_at > now())
                 and a.spec is null
                 and not (a.paused and (a.paused_until is null or a.paused_until > now()))
                 and i.user_id is null as settled,
               a.machine_id, a.fingerprint, coalesce(m.revision, r.stable) as revision, false as former
          from fly_reconciler.apps a
          left join fly_reconciler.subscriptions s on s.user_id = a.user_id
          left join fly_reconciler.ownership o on o.app_name = a.fly_app_name and o.user_id = a.user_id and o.released_at is null
          left join (select distinct user_id from fly_reconciler.intents) i on i.user_id = a.user_id
          left join fly_reconciler.rollout_users m on m.user_id = a.user_id
          left join fly_reconciler.rollout r on true
         cross join lateral (
           select coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free') as tier) t
        union all
        select v.user_id, v.app_name collate "C", 'free', true, false, v.machine_id, 0, null, false
          from (select distinct on (o.user_id) o.user_id, o.app_name, o.machine_id
                  from fly_reconciler.ownership o
                 where o.released_at is null and not exists (select from fly_reconciler.apps a where a.user_id = o.user_id)
                 order by o.user_id, o.acquired_at desc, o.app_name collate "C") v
        union all
        select w.user_id, w.app_name collate "C", 'free', true, false, null, 0, null, false
          from (select distinct on (i.user_id) i.user_id, i.app_name
                  from fly_reconciler.intents i
                 where not exists (select from fly_reconciler.apps a where a.user_id = i.user_id)
                   and not exists (select from fly_reconciler.ownership o where o.user_id = i.user_id and o.released_at is null)
                 order by i.user_id, i.created_at desc, i.launch_id) w
        union all
        select f.user_id, f.app_name collate "C", 'free', true, true, null, 0, null, true
          from fly_reconciler.ownership f
          join fly_reconciler.apps a on a.user_id = f.user_id
         where f.released_at is null and f.app_name <> a.fly_app_name
           and not exists (select from fly_reconciler.apps b where b.fly_app_name = f.app_name)
         order by 2
        """;

    /// <summary>A little more than were there last time: a list that grows by doubling leaves three times its size behind.</summary>
    private int _likelyUsers;

    public Task<IReadOnlyList<AppSummary>> ReadSummariesAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<AppSummary>>("read summaries", null, async connection =>
        {
            await using var command = new NpgsqlCommand(SummariesSql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var summaries = new List<AppSummary>(Volatile.Read(ref _likelyUsers));
            var revisions = new SharedTexts();
            while (await reader.ReadAsync(cancellationToken))
            {
                var tier = Tiers.Shared(reader.GetString(2));
                summaries.Add(new AppSummary(
                    UserId: reader.GetGuid(0),
                    AppName: reader.GetString(1),
                    Tier: tier,
                    Run: !ReferenceEquals(tier, Tiers.Free),
                    Live: reader.GetBoolean(3),
                    Settled: reader.GetBoolean(4),
                    MachineId: reader.IsDBNull(5) ? null : reader.GetString(5),
                    Fingerprint: reader.GetInt64(6),
                    Revision: reader.IsDBNull(7) ? null : revisions.Share(reader.GetString(7)),
                    Former: reader.GetBoolean(8)));
            }
            Volatile.Write(ref _likelyUsers, summaries.Count + (summaries.Count / 16));
            return summaries;
        }, cancellationToken);
}
