using System.Globalization;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>
/// Fly's published limits (docs, "Working with the Machines API"): per action and machine (or app) 1/s with a burst of 3,
/// GET machine 5/s with a burst of 10, and 100 app deletions a minute.
/// </summary>
public sealed partial class World
{
    private const string DeleteApps = "apps.delete";
    private readonly Dictionary<(string Operation, string Of), TokenBucket> _buckets = [];

    internal Reply? OverLimit(Call call)
    {
        if (!Settings.RateLimits || call.Operation.Realm != Realm.MachinesApi || Run(() => WithinLimits(call)))
        {
            return null;
        }

        var reply = Reply.Failed(429, "rate limit exceeded");
        return Settings.RetryAfterSeconds is { } seconds
            ? reply.WithHeader("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))
            : reply;
    }

    private bool WithinLimits(Call call)
    {
        var operation = call.Operation.Name;
        if (operation == DeleteApps && !Take((DeleteApps, "*"), perSecond: 100.0 / 60, burst: 100))
        {
            return false;
        }

        // Calls that name neither an app nor a machine have no published limit.
        if (call.AppName is not { } app)
        {
            return true;
        }

        var of = call.MachineId is { } machine ? $"{app}/{machine}" : app;
        return operation == "machines.get" ? Take((operation, of), 5, 10) : Take((operation, of), 1, 3);
    }

    private bool Take((string, string) key, double perSecond, double burst)
    {
        if (!_buckets.TryGetValue(key, out var bucket))
        {
            var scale = Settings.RateLimitScale;
            _buckets[key] = bucket = new TokenBucket(perSecond * scale, burst * scale, Now);
        }

        return bucket.TryTake(Now);
    }
}
