using Store;

namespace Reconciler.Leading;

/// <summary>
/// Our right to act, as far as we can know it locally: the lease's end counted from before the request that took or renewed
/// it, on the monotonic clock, so that neither a slow answer nor a wall-clock jump can stretch it.
/// </summary>
internal sealed class Leadership(TimeProvider time, LeaseToken token, TimeSpan ttl, long acquiredTimestamp)
{
    /// <summary>Nothing is sent to Fly when less than this is left (reliability margin: 2 s).</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private long _renewed = acquiredTimestamp;
    private volatile bool _lost;

    public LeaseToken Token { get; } = token;

    public TimeSpan Remaining => _lost ? TimeSpan.Zero : ttl - time.GetElapsedTime(Interlocked.Read(ref _renewed));

    public bool CanAct => Remaining > Margin;

    /// <param name="sentTimestamp">Taken before the renewal was sent.</param>
    public void Renewed(long sentTimestamp) => Interlocked.Exchange(ref _renewed, sentTimestamp);

    public void Lost() => _lost = true;

    /// <exception cref="LeadershipLostException">The lease may end before a call sent now has an answer.</exception>
    public void EnsureCanAct()
    {
        if (!CanAct)
        {
            throw new LeadershipLostException(Token);
        }
    }
}

/// <summary>We no longer may act; another process may already lead.</summary>
internal sealed class LeadershipLostException(LeaseToken? token)
    : Exception(token is null ? "we do not lead" : $"the lease '{token.LeaseName}' of epoch {token.Epoch} has ended or is about to");
