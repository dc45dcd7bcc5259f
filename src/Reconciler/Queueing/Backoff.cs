namespace Reconciler.Queueing;

/// <summary>Full jitter: the wait is spread over the whole range, so that users who failed together do not come back together.</summary>
public static class Backoff
{
    /// <summary>No wait is shorter than this share of the base: a retry at once is a hot loop.</summary>
    public const double LeastShare = 0.1;

    /// <summary>Doubling this often passes every cap there is; more would overflow.</summary>
    private const int MostDoublings = 40;

    /// <summary>A wait in (0.1 base, min(cap, base x 2^attempt)].</summary>
    /// <param name="attempt">Failures before the one that is waited out: 0 after the first. Any number; negative counts as 0.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    public static TimeSpan Delay(BackoffPolicy policy, int attempt, double random)
    {
        var doublings = Math.Clamp(attempt, 0, MostDoublings);
        var ceiling = (long)Math.Min(policy.Cap.Ticks, policy.Base.Ticks * Math.Pow(2, doublings));
        var least = (long)(policy.Base.Ticks * LeastShare);
        var share = double.IsNaN(random) ? 0 : Math.Clamp(random, 0, 1);
        return TimeSpan.FromTicks(ceiling - (long)(share * (ceiling - least)));
    }
}
