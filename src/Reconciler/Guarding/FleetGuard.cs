using System.Text.Json;
using Reconciler.Leading;
using Reconciler.Model;
using Store;

namespace Reconciler.Guarding;

/// <summary>Reads the guards from the database, at most every few seconds, one reader at a time.</summary>
/// <param name="store">Where the census, the budget and the tripwire's memory are.</param>
/// <param name="limits">The tripwire's limits.</param>
/// <param name="budget">Destructions per hour as a count.</param>
/// <param name="budgetShare">Destructions per hour as a share of the owned apps.</param>
/// <param name="time">The clock.</param>
/// <param name="leadership">Who writes the tripwire's memory; null when nobody may (plan, observe).</param>
internal sealed class FleetGuard(
    IStore store, TripwireLimits limits, int budget, double budgetShare, TimeProvider time, Func<Leadership?> leadership) : IFleetGuard, IDisposable
{
    public const string HistoryKey = "census";

    /// <summary>For users who keep their tier; the budget is drawn on in the database, whatever we remember of it.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private Reading? _last;

    private sealed record Reading(DateTimeOffset At, Census Census, CensusHistory History, int Used);

    /// <summary>What the last look found of the budget; null before the first.</summary>
    public (int Left, int Limit)? LastBudget =>
        Volatile.Read(ref _last) is { } last ? (Math.Max(0, Limit(last.Census) - last.Used), Limit(last.Census)) : null;

    public async Task<FleetGuards> ReadAsync(bool forced, bool afresh, CancellationToken cancellationToken)
    {
        var reading = await LookAsync(afresh ? time.GetUtcNow() : null, cancellationToken);
        return new FleetGuards(Math.Max(0, Limit(reading.Census) - reading.Used), reading.History.Hold, forced);
    }

    public async Task<int> DestroyLimitAsync(CancellationToken cancellationToken) =>
        Limit((await LookAsync(null, cancellationToken)).Census);

    public void Dispose() => _gate.Dispose();

    private int Limit(Census census) => Math.Max(budget, (int)Math.Floor(census.OwnedLive * budgetShare));

    /// <param name="since">The reading must have begun after this instant; null = it may be a little old. Whoever waited while one
    /// began shares it, so that a thousand users are no thousand readings.</param>
    private async Task<Reading> LookAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_last is { } last && now - last.At < MaxAge && now >= last.At && !(last.At <= since))
            {
                return last;
            }

            var census = await store.ReadCensusAsync(cancellationToken);
            var before = CensusHistory.Read(await store.ReadFleetStateAsync(HistoryKey, cancellationToken), now, out var repaired);
            var after = await IsReleasedAsync(before, cancellationToken)
                ? ShrinkTripwire.Release(census, now)
                : ShrinkTripwire.Evaluate(before, census, limits, now);
            if ((repaired || !ShrinkTripwire.Same(before, after)) && leadership() is { CanAct: true } leader)
            {
                await store.WriteFleetStateAsync(
                    leader.Token, HistoryKey, JsonSerializer.Serialize(after, GuardJson.Default.CensusHistory), cancellationToken);
            }

            return _last = new Reading(now, census, after, await store.ReadDestroysLastHourAsync(cancellationToken));
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> IsReleasedAsync(CensusHistory history, CancellationToken cancellationToken) =>
        history.ReleaseKey is { } key && await store.ReadFleetStateAsync(key, cancellationToken) is not null;
}
