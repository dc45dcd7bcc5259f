namespace StoreModel;

internal sealed class ModelLeaseStore(StoreModelDatabase database) : ILeaseStore
{
    private Tables Tables => database.Tables;

    public Task<LeaseAttempt> TryAcquireAsync(string leaseName, string holder, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(holder);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return Answers.Of(() => database.Commit(nameof(TryAcquireAsync), null, transaction =>
        {
            var now = transaction.Now;
            var row = Tables.Leases.Find(leaseName);
            if (row is null || row.Holder == holder || row.ExpiresAt <= now)
            {
                var epoch = row is null ? 1 : row.Holder == holder && row.ExpiresAt > now ? row.Epoch : row.Epoch + 1;
                row = new LeaseRecord(leaseName, holder, epoch, now + PgTime.Interval(ttl), now);
                Tables.Leases.Put(row);
            }
            var token = row.Holder == holder && row.ExpiresAt > now ? new LeaseToken(leaseName, holder, row.Epoch) : null;
            return new LeaseAttempt(token, row.Holder, row.ExpiresAt > now ? row.ExpiresAt - now : TimeSpan.Zero);
        }), cancellationToken);
    }

    public Task<bool> RenewAsync(LeaseToken token, TimeSpan ttl, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        return Answers.Of(() => database.Commit(nameof(RenewAsync), null, transaction =>
        {
            var row = Find(token);
            if (row is null || row.ExpiresAt <= transaction.Now)
                return false;
            Tables.Leases.Put(row with { ExpiresAt = transaction.Now + PgTime.Interval(ttl), RenewedAt = transaction.Now });
            return true;
        }), cancellationToken);
    }

    public Task ReleaseAsync(LeaseToken token, CancellationToken cancellationToken) =>
        Answers.Of(() => database.Commit(nameof(ReleaseAsync), null, transaction =>
        {
            if (Find(token) is not { } row)
                return false;
            Tables.Leases.Put(row with { Holder = "", ExpiresAt = transaction.Now });
            transaction.Notify(ChangeHint.Everything);
            return true;
        }), cancellationToken);

    public Task<LeaseRow?> ReadAsync(string leaseName, CancellationToken cancellationToken) =>
        Answers.Of(() => Tables.Leases.Find(leaseName) is { } row
            ? new LeaseRow(row.Name, row.Holder, row.Epoch, row.ExpiresAt, row.RenewedAt, row.ExpiresAt <= database.Now)
            : null, cancellationToken);

    private LeaseRecord? Find(LeaseToken token) =>
        Tables.Leases.Find(token.LeaseName) is { } row && row.Holder == token.Holder && row.Epoch == token.Epoch ? row : null;
}
