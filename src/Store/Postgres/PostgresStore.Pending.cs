using Dapper;

namespace Store;

internal sealed partial class PostgresStore
{
    public Task<IReadOnlyList<PendingUser>> ReadPendingAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<PendingUser>>("read pending users", null, async connection =>
        {
            // Two arms and not one OR, so that each can use its partial index.
            const string Sql = """
                select p.user_id, bool_or(p.new_generation) as new_generation
                  from (select user_id, true as new_generation from fly_reconciler.apps where generation <> observed_generation
                        union all
                        select user_id, false from fly_reconciler.apps where next_attempt_at <= now()
                        union all
                        select o.user_id, false from fly_reconciler.ownership o
                         where o.released_at is null and o.next_attempt_at <= now()
                           and not exists (select from fly_reconciler.apps a where a.user_id = o.user_id)) p
                 group by p.user_id
                 order by p.user_id
                """;
            var rows = await connection.QueryAsync<PendingRow>(Sql);
            return [.. rows.Select(static row =>
                new PendingUser(row.UserId, row.NewGeneration ? PendingReason.NewGeneration : PendingReason.RetryDue))];
        }, cancellationToken);

    public Task<Census> ReadCensusAsync(CancellationToken cancellationToken) =>
        RunAsync("read the census", null, async connection =>
        {
            const string Sql = """
                select (select count(*)::int from fly_reconciler.subscriptions s
                         where s.user_id is not null
                           and fly_reconciler.effective_tier(s.tier, s.status, s.expires_at) <> 'free') as entitled,
                       (select count(*)::int from fly_reconciler.ownership where released_at is null) as owned_live,
                       (select count(*)::int from fly_reconciler.apps) as rows
                """;
            var row = await connection.QuerySingleAsync<CensusRow>(Sql);
            return new Census(row.Entitled, row.OwnedLive, row.Rows);
        }, cancellationToken);

    public Task<IReadOnlyList<RowlessUser>> ReadRowlessUsersAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<RowlessUser>>("read users without a row", null, async connection =>
        {
            const string Sql = """
                select s.user_id, fly_reconciler.effective_tier(s.tier, s.status, s.expires_at) as tier
                  from fly_reconciler.subscriptions s
                 where s.user_id is not null
                   and fly_reconciler.effective_tier(s.tier, s.status, s.expires_at) <> 'free'
                   and not exists (select from fly_reconciler.apps a where a.user_id = s.user_id)
                 order by s.user_id
                """;
            var rows = await connection.QueryAsync<RowlessRow>(Sql);
            return [.. rows.Select(static row => new RowlessUser(row.UserId, row.Tier))];
        }, cancellationToken);

    internal sealed class RowlessRow
    {
        public Guid UserId { get; set; }
        public string Tier { get; set; } = "";
    }

    internal sealed class PendingRow
    {
        public Guid UserId { get; set; }
        public bool NewGeneration { get; set; }
    }

    internal sealed class CensusRow
    {
        public int Entitled { get; set; }
        public int OwnedLive { get; set; }
        public int Rows { get; set; }
    }
}
