using Reconciler.Leading;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// N workers over the queue: a result becomes a requeue in one place. An exception hurts only its own user. A worker whose call is
/// not answered has a stand-in, so that a dead host with more users than we have workers does not hold up everybody else.
/// </summary>
internal sealed class ReconcileWorkers(
    WorkQueue<Guid> queue,
    AppReconciler reconciler,
    DeepRequests deep,
    ForceTracker tracker,
    ConvergenceLedger ledger,
    bool ignoreBackoff,
    TimeProvider time,
    Func<double> random,
    ReconcilerTelemetry telemetry,
    ILogger<ReconcileWorkers> logger)
{
    private static readonly BackoffPolicy Bug = BackoffPolicy.For(BackoffClass.Bug);
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(2);

    /// <summary>Longer than a reconcile takes that gets its answers.</summary>
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);

    /// <summary>Workers and stand-ins together, for each worker: they cost next to nothing, but what they send must have a bound.</summary>
    private const int MostPerWorker = 4;

    private readonly Lock _gate = new();
    private readonly List<Task> _crew = [];
    private readonly Dictionary<Guid, int> _threw = [];
    private int _workers;
    private int _slow;
    private int _present;

    /// <summary>Works until the queue is shut down, or until one of the workers falls: the others, who may not act either, stop with it,
    /// lest a term go on with fewer workers than it should have.</summary>
    /// <exception cref="LeadershipLostException">From whichever worker noticed first.</exception>
    /// <exception cref="StaleEpochException">The same, said by the database.</exception>
    public async Task RunAsync(int workers, Leadership leadership, CancellationToken cancellationToken)
    {
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _workers = workers;
        Hire(leadership, working);
        Task[] crew;
        do
        {
            crew = Crew();
            await Task.WhenAll(crew).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (Crew() is var now && now.Any(t => !t.IsCompleted));
        await Task.WhenAll(Crew());
    }

    /// <summary>Sees to it that as many workers as there should be are not held up.</summary>
    private void Hire(Leadership leadership, CancellationTokenSource working)
    {
        lock (_gate)
        {
            while (_present < Wanted())
            {
                _present++;
                _crew.RemoveAll(t => t.IsCompletedSuccessfully);
                _crew.Add(WorkOrStopAllAsync(leadership, working));
            }
        }
    }

    private int Wanted() => Math.Min(_workers + _slow, _workers * MostPerWorker);

    private async Task WorkOrStopAllAsync(Leadership leadership, CancellationTokenSource working)
    {
        await Task.Yield(); // whoever hires holds the lock
        try
        {
            await WorkAsync(leadership, working);
        }
        catch
        {
            await working.CancelAsync();
            throw;
        }
    }

    private async Task WorkAsync(Leadership leadership, CancellationTokenSource working)
    {
        while (!MayGo() && await queue.TakeAsync(working.Token) is { } item)
        {
            telemetry.Taken(item.Waited);
            telemetry.WorkerBusy(+1);
            var slow = false;
            var timer = time.CreateTimer(_ => Slow(), null, SlowAfter, Timeout.InfiniteTimeSpan);
            try
            {
                await WorkAsync(item, leadership, working.Token);
            }
            finally
            {
                await timer.DisposeAsync();
                Back(slow);
                telemetry.WorkerBusy(-1);
                queue.Done(item.Key);
            }

            void Slow()
            {
                lock (_gate)
                {
                    slow = true;
                    _slow++;
                }

                telemetry.HeldUp();
                Hire(leadership, working);
            }
        }
    }

    private void Back(bool wasSlow)
    {
        lock (_gate)
        {
            _slow -= wasSlow ? 1 : 0;
        }
    }

    /// <summary>Whoever comes back first goes, when those who were held up are back.</summary>
    private bool MayGo()
    {
        lock (_gate)
        {
            if (_present <= Wanted())
            {
                return false;
            }

            _present--;
            return true;
        }
    }

    private Task[] Crew()
    {
        lock (_gate)
        {
            return [.. _crew];
        }
    }

    private async Task WorkAsync(WorkItem<Guid> item, Leadership leadership, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var turn = tracker.Turn;
        if (item.IsNewGeneration || item.IsForced)
        {
            ledger.Wished(item.Key);
        }

        var request = new ReconcileRequest(item.Key, item.IsForced, ignoreBackoff, deep.Take(item.Key) || item.IsForced);
        try
        {
            var result = await reconciler.ReconcileAsync(request, leadership, cancellationToken);
            Requeue(item, result);
            telemetry.Reconciled(ResultName(result), time.GetElapsedTime(started));
            Forget(item.Key);
            tracker.Completed(item.Key, result, turn);
        }
        catch (StoreUnavailableException exception)
        {
            // The database is everybody's trouble, not this user's: no attempt is counted.
            queue.Requeue(item.Key, StorePause * (1 + random()), carry: item.Kinds);
            telemetry.Reconciled("error", time.GetElapsedTime(started));
            telemetry.Errored(ErrorClass.Store);
            HostLog.StoreUnavailable(logger, exception.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not (LeadershipLostException or StaleEpochException))
        {
            var delay = Backoff.Delay(Bug, Count(item.Key), random());
            queue.Requeue(item.Key, delay, floor: true);
            telemetry.Reconciled("error", time.GetElapsedTime(started));
            telemetry.Panicked();
            telemetry.Errored(ErrorClass.Bug);
            ReconcileLog.Threw(logger, item.Key, delay, exception);
            tracker.Completed(item.Key, new ReconcileResult(
                ReconcileOutcome.Failed, delay, true, Model.Reasons.InternalError, $"{exception.GetType().Name}; see the log"), turn);
        }
    }

    private void Requeue(WorkItem<Guid> item, ReconcileResult result)
    {
        if (result.After is not { } after)
        {
            return;
        }

        // Who failed comes after whoever has not been looked at yet: a person waits for that one's first answer.
        queue.Requeue(item.Key, after, result.IsBackoff ? Priority.Resync : null, floor: result.IsBackoff);
    }

    private static string ResultName(ReconcileResult result) => result switch
    {
        { Outcome: ReconcileOutcome.Failed } => "error",
        { After: null } => "success",
        { After.Ticks: 0 } => "requeue",
        _ => "requeue_after",
    };

    private int Count(Guid user)
    {
        lock (_gate)
        {
            return _threw[user] = _threw.GetValueOrDefault(user) + 1;
        }
    }

    private void Forget(Guid user)
    {
        lock (_gate)
        {
            _threw.Remove(user);
        }
    }
}

/// <summary>Users whose next look reads what is normally remembered, too.</summary>
internal sealed class DeepRequests
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _users = [];

    public void Add(Guid user)
    {
        lock (_gate)
        {
            _users.Add(user);
        }
    }

    public bool Take(Guid user)
    {
        lock (_gate)
        {
            return _users.Remove(user);
        }
    }
}
