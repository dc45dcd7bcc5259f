using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace StoreModel;

/// <summary>One client's LISTEN connection.</summary>
public sealed class ModelChangeFeed : IChangeFeed
{
    private readonly TimeProvider _time;
    private Channel<ChangeHint>? _session;
    private bool _reachable = true;

    internal ModelChangeFeed(TimeProvider time) => _time = time;

    /// <summary>Whether a connection is up. Setting it to false cuts the connection and keeps it down until it is set to true, from
    /// when on the feed may connect again.</summary>
    public bool IsListening
    {
        get => _session is not null;
        set
        {
            _reachable = value;
            if (!value)
                Disconnect();
        }
    }

    /// <summary>A client behind a transaction pooler: it is told once that anything may have changed, and never listens.</summary>
    public bool ThroughPooler { get; init; }

    /// <summary>Between the end of a connection and the next attempt, on the database's clock.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Decides the fate of each notification to this listener; null delivers all of them.</summary>
    public Func<ChangeHint, NotificationFate>? Fate { get; set; }

    /// <summary>How many notifications reached this client's connection, copies included.</summary>
    public long Received { get; private set; }

    /// <summary>Cuts the connection. What has arrived is still read, and then the feed connects again.</summary>
    public void Disconnect()
    {
        _session?.Writer.TryComplete();
        _session = null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChangeHint> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ThroughPooler)
        {
            yield return ChangeHint.Everything;
            await SleepAsync(Timeout.InfiniteTimeSpan, cancellationToken);
            yield break;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            if (_reachable)
            {
                var session = Channel.CreateUnbounded<ChangeHint>(new UnboundedChannelOptions { SingleReader = true });
                _session = session;
                try
                {
                    yield return ChangeHint.Everything;
                    while (await NextAsync(session.Reader, cancellationToken) is { } hint)
                        yield return hint;
                }
                finally
                {
                    if (_session == session) // also when the caller stops enumerating
                        Disconnect();
                }
            }

            if (cancellationToken.IsCancellationRequested || !await SleepAsync(ReconnectDelay, cancellationToken))
                yield break;
        }
    }

    internal void Receive(ChangeHint hint)
    {
        if (_session is not { } session)
            return; // nobody keeps notifications for a client that is away
        var fate = Fate?.Invoke(hint) ?? NotificationFate.Delivered;
        if (fate.Disconnect)
            Disconnect();
        else if (fate.Delay > TimeSpan.Zero)
            _ = DeliverLaterAsync(session, hint, fate);
        else
            Deliver(session, hint, fate.Copies);
    }

    private async Task DeliverLaterAsync(Channel<ChangeHint> session, ChangeHint hint, NotificationFate fate)
    {
        await Task.Delay(fate.Delay, _time);
        Deliver(session, hint, fate.Copies);
    }

    private void Deliver(Channel<ChangeHint> session, ChangeHint hint, int copies)
    {
        for (var i = 0; i < copies; i++)
        {
            if (session.Writer.TryWrite(hint))
                Received++;
        }
    }

    private static async Task<ChangeHint?> NextAsync(ChannelReader<ChangeHint> hints, CancellationToken cancellationToken)
    {
        try
        {
            return await hints.WaitToReadAsync(cancellationToken) && hints.TryRead(out var hint) ? hint : null;
        }
        catch (OperationCanceledException)
        {
            return null; // the end of the enumeration is no error
        }
    }

    private async Task<bool> SleepAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, _time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
