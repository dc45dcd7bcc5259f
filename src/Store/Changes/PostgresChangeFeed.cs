using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Store;

/// <summary>
/// LISTEN on a connection of its own. Notifications are lost while it is down and say nothing of it, so each time it comes up
/// the feed first says that anything may have changed, and a heartbeat finds out when it is down.
/// </summary>
internal sealed class PostgresChangeFeed(
    NpgsqlDataSource dataSource, bool transactionPooler, StoreOptions options, TimeProvider time, Func<double> random, ILogger logger)
    : IChangeFeed
{
    private volatile bool _listening;

    public bool IsListening => _listening;

    public event Action? Reconnecting;

    public async IAsyncEnumerable<ChangeHint> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (transactionPooler)
        {
            StoreLog.ListenUnavailable(logger);
            yield return ChangeHint.Everything;
            await WaitForeverAsync(cancellationToken);
            yield break;
        }

        var failures = 0;
        var reachedOnce = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            await using var session = new ListenSession(dataSource, options, time, random);
            if (await session.OpenAsync(cancellationToken))
            {
                failures = 0;
                reachedOnce = true;
                try
                {
                    _listening = true;
                    StoreLog.Listening(logger);
                    yield return ChangeHint.Everything;
                    while (await session.NextAsync(cancellationToken) is { } hint)
                        yield return hint;
                }
                finally
                {
                    _listening = false; // also when the caller stops enumerating
                }
            }
            else if (session.Connected && !reachedOnce)
            {
                // The database is there, but notifications do not come through it: the caller polls, and starts with a full look.
                reachedOnce = true;
                yield return ChangeHint.Everything;
            }

            if (cancellationToken.IsCancellationRequested)
                yield break;
            var delay = Delay(failures++);
            StoreLog.ListenDown(logger, session.Problem, delay);
            Reconnecting?.Invoke();
            if (!await SleepAsync(delay, cancellationToken))
                yield break;
        }
    }

    /// <summary>Half of the doubled delay is fixed and half is jitter, so that replicas do not return in step.</summary>
    private TimeSpan Delay(int failures)
    {
        var doubled = options.ReconnectDelay * Math.Pow(2, Math.Min(failures, 20));
        var capped = doubled < options.MaxReconnectDelay ? doubled : options.MaxReconnectDelay;
        return capped * (0.5 + (0.5 * random()));
    }

    private async Task<bool> SleepAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false; // the end of the enumeration is no error
        }
    }

    private async Task WaitForeverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The end of the enumeration is no error.
        }
    }
}
