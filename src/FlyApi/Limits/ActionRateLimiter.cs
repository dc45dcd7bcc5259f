using System.Runtime.InteropServices;

namespace FlyApi.Limits;

/// <summary>
/// Keeps within Fly's limits by waiting instead of provoking a 429: one bucket per action and identifier. A caller reserves its
/// slot under a lock and then sleeps until it, so callers go first come, first served, and no timer runs for idle buckets.
/// </summary>
internal sealed class ActionRateLimiter(TimeProvider time, double scale)
{
    private const int SweepFrom = 1024;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp();

    // The value is when the bucket is full again (the generic cell rate algorithm's one number), since _start.
    private readonly Dictionary<(string Action, string Identifier), TimeSpan> _fullAt = [];
    private int _sweepAt = SweepFrom;

    internal int Buckets
    {
        get
        {
            lock (_gate)
            {
                return _fullAt.Count;
            }
        }
    }

    /// <summary>Waits for the caller's turn; returns how long that was.</summary>
    public async ValueTask<TimeSpan> WaitAsync(string action, string identifier, RateLimit limit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wait = Reserve((action, identifier), limit);
        if (wait <= TimeSpan.Zero)
        {
            return TimeSpan.Zero;
        }

        try
        {
            await Task.Delay(wait, time, cancellationToken);
            return wait;
        }
        catch (OperationCanceledException)
        {
            GiveBack((action, identifier), limit);
            throw;
        }
    }

    /// <summary>Fly answered 429: somebody else draws on the same limit, so our bucket is not as full as we think.</summary>
    public void Drain(string action, string identifier, RateLimit limit)
    {
        lock (_gate)
        {
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, (action, identifier), out _);
            fullAt = Max(fullAt, Now() + (limit.Burst * Interval(limit)));
        }
    }

    private TimeSpan Reserve((string, string) key, RateLimit limit)
    {
        lock (_gate)
        {
            var now = Now();
            if (_fullAt.Count >= _sweepAt)
            {
                Sweep(now);
            }

            var interval = Interval(limit);
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrAddDefault(_fullAt, key, out _);
            fullAt = Max(fullAt, now) + interval;
            return fullAt - (limit.Burst * interval) - now;
        }
    }

    private void GiveBack((string, string) key, RateLimit limit)
    {
        lock (_gate)
        {
            ref var fullAt = ref CollectionsMarshal.GetValueRefOrNullRef(_fullAt, key);
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref fullAt))
            {
                fullAt -= Interval(limit);
            }
        }
    }

    /// <summary>A full bucket is the same as none, so memory holds only what was used in the last seconds. Called with the lock held.</summary>
    private void Sweep(TimeSpan now)
    {
        foreach (var (key, fullAt) in _fullAt)
        {
            if (fullAt <= now)
            {
                _fullAt.Remove(key);
            }
        }

        _sweepAt = Math.Max(SweepFrom, 2 * _fullAt.Count);
    }

    private TimeSpan Now() => time.GetElapsedTime(_start);

    private TimeSpan Interval(RateLimit limit) => TimeSpan.FromSeconds(1 / (limit.PerSecond * scale));

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
