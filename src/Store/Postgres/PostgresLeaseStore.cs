using Dapper;
using Npgsql;

namespace Store;

/// <summary>
/// The lease as one row. Each call is one short statement on the database's clock, read when the statement runs and not when its
/// transaction began; nothing is held between calls, so that it works through any pooler.
/// </summary>
internal sealed class PostgresLeaseStore(NpgsqlDataSource dataSource) : PostgresPort(dataSource), ILeaseStore
{
    private const string ReadSql = """
        select name, holder, epoch, expires_at, renewed_at, expires_at <= clock_timestamp() as expired,
               greatest(expires_at - clock_timestamp(), interval '0') as remaining
          from fly_reconciler.lease where name = @leaseName;
        """;

    public Task<LeaseAttempt> TryAcquireAsync(string leaseName, string holder, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(holder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return RunAsync("acquire the lease", null, async connection =>
        {
            // The second statement tells who leads now, by its own look at the row.
            const string Sql = """
                insert into fly_reconciler.lease as l (name, holder, epoch, expires_at, renewed_at)
                values (@leaseName, @holder, 1, clock_timestamp() + @ttl, clock_timestamp())
                on conflict (name) do update
                   set holder = excluded.holder, expires_at = excluded.expires_at, renewed_at = excluded.renewed_at,
                       epoch = l.epoch + case when l.holder = excluded.holder and l.expires_at > clock_timestamp() then 0 else 1 end
                 where l.holder = excluded.holder or l.expires_at <= clock_timestamp();

                """ + ReadSql;
            var row = await connection.QuerySingleAsync<Row>(
                Sql, new { leaseName, holder, ttl, cancellationToken });
            var token = row.Holder == holder && !row.Expired ? new LeaseToken(leaseName, holder, row.Epoch) : null;
            return new LeaseAttempt(token, row.Holder, row.Remaining);
        }, cancellationToken);
    }

    public Task<bool> RenewAsync(LeaseToken token, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return RunAsync("renew the lease", null, async connection =>
        {
            // An expired lease is anybody's: its last holder has to acquire it anew, under a new epoch.
            const string Sql = """
                update fly_reconciler.lease set expires_at = clock_timestamp() + @ttl, renewed_at = clock_timestamp()
                 where name = @LeaseName and holder = @Holder and epoch = @Epoch and expires_at > clock_timestamp()
                """;
            return await connection.ExecuteAsync(Sql, new { token.LeaseName, token.Holder, token.Epoch, ttl, cancellationToken }) == 1;
        }, cancellationToken);
    }

    public Task ReleaseAsync(LeaseToken token, CancellationToken cancellationToken) =>
        RunAsync("release the lease", null, connection =>
        {
            // Without a holder the token is worthless at once. The payload is no user id, which feeds read as "look at everything".
            const string Sql = """
                with released as (
                  update fly_reconciler.lease set holder = '', expires_at = clock_timestamp()
                   where name = @LeaseName and holder = @Holder and epoch = @Epoch
                  returning 1)
                select pg_notify('fly_reconciler', 'lease') from released
                """;
            return connection.ExecuteAsync(Sql, new { token.LeaseName, token.Holder, token.Epoch, cancellationToken });
        }, cancellationToken);

    public Task<LeaseRow?> ReadAsync(string leaseName, CancellationToken cancellationToken) =>
        RunAsync("read the lease", null, async connection =>
        {
            var row = await connection.QuerySingleOrDefaultAsync<Row>(
                ReadSql, new { leaseName, cancellationToken });
            return row is null ? null : new LeaseRow(row.Name, row.Holder, row.Epoch, row.ExpiresAt, row.RenewedAt, row.Expired);
        }, cancellationToken);

    internal sealed class Row
    {
        public string Name { get; set; } = "";
        public string Holder { get; set; } = "";
        public long Epoch { get; set; }
        public DateTime ExpiresAt { get; set; }
        public DateTime RenewedAt { get; set; }
        public bool Expired { get; set; }
        public TimeSpan Remaining { get; set; }
    }
}
