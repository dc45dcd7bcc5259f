using Microsoft.Extensions.Logging.Abstractions;
using Store;

namespace Probe;

/// <summary>The product's write-back: every user's whole status in one call, fenced, skipping rows that already say the same.</summary>
internal sealed class OurStatuses(PostgresStores stores, LeaseToken lease, IReadOnlyList<StatusWrite> statuses, bool changing) : IRound
{
    /// <summary>Two statuses that differ, made beforehand: making them is the reconcile's work, not the write's.</summary>
    private readonly IReadOnlyList<StatusWrite>[] _statuses =
    [
        statuses,
        changing ? [.. statuses.Select(static s => s with { Fingerprint = s.Fingerprint + 1, RetryCount = s.RetryCount + 1 })] : statuses,
    ];

    private int _round;

    public static async Task<OurStatuses> OpenAsync(string database, int rows, bool changing)
    {
        var stores = Open(database);
        var attempt = await stores.Leases.TryAcquireAsync("bench", "bench", TimeSpan.FromHours(1), CancellationToken.None);
        return new OurStatuses(stores, attempt.Token!, await ReadAsync(stores, rows), changing);
    }

    /// <summary>The statuses as the rows have them now.</summary>
    public static async Task<IReadOnlyList<StatusWrite>> ReadAsync(string database, int rows)
    {
        await using var stores = Open(database);
        return await ReadAsync(stores, rows);
    }

    public async Task<long> RunAsync()
    {
        _round++;
        return (await stores.Store.WriteStatusesAsync(lease, _statuses[_round & 1], CancellationToken.None)).Count;
    }

    private static PostgresStores Open(string database) => StoreFactory.Create(
        new StoreOptions { ConnectionString = database }, TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5);

    private static async Task<IReadOnlyList<StatusWrite>> ReadAsync(PostgresStores stores, int rows) =>
        [.. (await stores.Store.ReadAllUsersAsync(CancellationToken.None)).Take(rows).Select(StatusRows.Of)];
}
