using Reconciler.Telemetry;
using Store;

namespace Reconciler.Leading;

/// <param name="LeaseName">Which lease; one per fleet.</param>
/// <param name="Holder">Who we are; unique per process.</param>
/// <param name="Ttl">client-go: 15 s.</param>
/// <param name="RenewEvery">client-go: 2 s between tries; here a third of the lease at most.</param>
internal sealed record LeaseOptions(string LeaseName, string Holder, TimeSpan Ttl, TimeSpan RenewEvery);

/// <summary>
/// Contends for the lease, runs the term while it is ours, and gives it back last. The term is cut off as soon as the lease
/// could end before a call's answer, whatever the reason: another holder, a database that does not answer, a pause.
/// </summary>
internal sealed class LeaderElector(
    ILeaseStore leases, LeaseOptions options, TimeProvider time, Func<double> random, ILogger<LeaderElector> logger)
{
    /// <summary>The store's own limit for a statement is the same, so this ends only what hangs below it.</summary>
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(3);

    private Leadership? _current;

    /// <summary>Our present leadership; null while standing by.</summary>
    public Leadership? Current => Volatile.Read(ref _current);

    /// <summary>Who leads, as last heard.</summary>
    public string? Leader { get; private set; }

    public DateTimeOffset LastTurn { get; private set; }

    /// <param name="term">Runs one term: the leadership, a token that asks it to drain, a token that cuts it off.</param>
    /// <param name="stopping">Asks to drain, release and return.</param>
    public async Task RunAsync(Func<Leadership, CancellationToken, CancellationToken, Task> term, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            LastTurn = time.GetUtcNow();
            var leadership = await TryLeadAsync(stopping);
            if (leadership is null)
            {
                await PauseAsync(stopping);
                continue;
            }

            await RunTermAsync(leadership, term, stopping);
        }
    }

    /// <summary>One try for the lease; null when somebody else has it or the database does not answer.</summary>
    /// <param name="cancellationToken">Keeps a try from being begun. One that was sent is waited for: a lease that was granted and not
    /// taken note of would keep everybody from leading for its whole length.</param>
    public async Task<Leadership?> TryLeadAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return null;
        }

        var sent = time.GetTimestamp();
        using var limit = new CancellationTokenSource(AskLimit, time);
        try
        {
            var attempt = await leases.TryAcquireAsync(options.LeaseName, options.Holder, options.Ttl, limit.Token);
            if (Leader != attempt.HeldBy && attempt.Token is null)
            {
                HostLog.StandingBy(logger, attempt.HeldBy);
            }

            Leader = attempt.HeldBy;
            if (attempt.Token is null)
            {
                return null;
            }

            HostLog.Leading(logger, attempt.Token.Epoch, options.Holder);
            return new Leadership(time, attempt.Token, options.Ttl, sent);
        }
        catch (StoreUnavailableException exception)
        {
            HostLog.StoreUnavailable(logger, exception.Message);
            return null;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            HostLog.StoreUnavailable(logger, $"no answer about the lease within {AskLimit.TotalSeconds:0} s");
            return null;
        }
    }

    /// <summary>Runs a term under a lease that is already ours, renewing it until the term returns, then releases it.</summary>
    public async Task RunTermAsync(
        Leadership leadership, Func<Leadership, CancellationToken, CancellationToken, Task> term, CancellationToken stopping)
    {
        using var lost = new CancellationTokenSource();
        using var ended = new CancellationTokenSource();
        var renewing = RenewAsync(leadership, lost, ended.Token);
        Volatile.Write(ref _current, leadership);
        try
        {
            await term(leadership, stopping, lost.Token);
        }
        catch (Exception exception) when (exception is LeadershipLostException or StaleEpochException)
        {
            leadership.Lost();
            HostLog.LeadershipLost(logger, leadership.Token.Epoch, exception.Message);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // said already, where it was noticed
        }
        finally
        {
            Volatile.Write(ref _current, null);
            await ended.CancelAsync();
            await renewing;
        }

        await ReleaseAsync(leadership);
    }

    private async Task RenewAsync(Leadership leadership, CancellationTokenSource lost, CancellationToken ended)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.RenewEvery, time, ended);
                LastTurn = time.GetUtcNow();
                var sent = time.GetTimestamp();
                try
                {
                    // A renewal that takes longer than the lease has left is no renewal.
                    using var limit = new CancellationTokenSource(Max(leadership.Remaining - Leadership.Margin, TimeSpan.FromMilliseconds(1)), time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, limit.Token);
                    if (!await leases.RenewAsync(leadership.Token, options.Ttl, either.Token))
                    {
                        leadership.Lost();
                        HostLog.LeadershipLost(logger, leadership.Token.Epoch, "another process took the lease");
                        await lost.CancelAsync();
                        return;
                    }

                    leadership.Renewed(sent);
                }
                catch (Exception exception) when (exception is StoreUnavailableException || (exception is OperationCanceledException && !ended.IsCancellationRequested))
                {
                    HostLog.RenewFailed(logger, leadership.Remaining, exception.Message);
                }

                if (!leadership.CanAct)
                {
                    leadership.Lost();
                    HostLog.LeadershipLost(logger, leadership.Token.Epoch, "it could not be renewed in time");
                    await lost.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // the term is over
        }
    }

    private async Task ReleaseAsync(Leadership leadership)
    {
        if (!leadership.CanAct)
        {
            return; // not ours any more, or about to end by itself
        }

        try
        {
            using var limit = new CancellationTokenSource(ReleaseLimit, time);
            await leases.ReleaseAsync(leadership.Token, limit.Token);
            HostLog.LeaseReleased(logger);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            // The lease then ends by itself, a little later.
            HostLog.RenewFailed(logger, leadership.Remaining, exception.Message);
        }
    }

    private async Task PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(options.RenewEvery * (1 + (0.2 * random())), time, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // asked to stop while standing by
        }
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
