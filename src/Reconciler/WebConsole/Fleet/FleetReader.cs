using Reconciler.Configuration;
using Reconciler.Guarding;
using Reconciler.Texts;

namespace Reconciler.WebConsole.Fleet;

/// <summary>Reads the fleet's state, at most once in a while however many look: one reader, and everybody shares what it found.</summary>
internal sealed class FleetReader(ConsoleSource source, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private const int Actions = 10;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private FleetState? _last;

    /// <summary>Null while the daemon is not connected.</summary>
    /// <exception cref="Store.StoreUnavailableException">The database could not be read.</exception>
    public async Task<FleetState?> ReadAsync(CancellationToken cancellationToken)
    {
        if (source.Parts is not { } parts)
        {
            return null;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            return _last is { } last && now - last.ReadAt < MaxAge && now >= last.ReadAt
                ? last
                : _last = await ReadAsync(parts, now, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>After an action of ours: the next reader sees what it did.</summary>
    public void Forget() => Volatile.Write(ref _last, null);

    public void Dispose() => _gate.Dispose();

    private static async Task<FleetState> ReadAsync(ConsoleParts parts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await parts.Rows.ReadFleetAsync(cancellationToken);
        var lease = await parts.Leases.ReadAsync(parts.Settings.Lease.Name, cancellationToken);
        var census = CensusHistory.Read(await parts.Store.ReadFleetStateAsync(FleetGuard.HistoryKey, cancellationToken), now, out _);
        return new FleetState
        {
            ReadAt = now,
            Rows = rows,
            Lease = lease,
            IsLeader = parts.Leadership() is { CanAct: true },
            Hold = census.Hold is { } hold ? UntrustedText.Clean(hold, 600) : null,
            HeldSince = census.HeldSince,
            Destroyed = await parts.Store.ReadDestroysLastHourAsync(cancellationToken),
            DestroyLimit = await parts.Guard.DestroyLimitAsync(cancellationToken),
            SnapshotAt = parts.View.ReadAt,
            SnapshotProblem = parts.Informer.Problem,
            ErrorRegions = parts.View.ErrorRegions,
            ImageProblem = parts.Images.Fleet.Problem,
            KeyProblem = parts.Secrets.Status.Problem,
            ObserveOnly = parts.Settings.Mode == ReconcilerMode.Observe,
            Actions = await parts.Rows.ReadActionsAsync(null, Actions, cancellationToken),
        };
    }
}
