using Reconciler.Leading;
using Reconciler.Observing;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// One term of leadership: a fresh queue, its workers, and the loops that feed it. Ends when asked to drain, when the lease
/// is lost, or when a loop dies, which is fatal: a controller that looks alive and does nothing is the worst failure.
/// </summary>
internal sealed class ControllerTerm(
    FleetView view,
    AppInformer informer,
    PolicyWatcher policies,
    FleetPass pass,
    ConvergenceLedger ledger,
    TermFeeds feeds,
    HoldWatch holds,
    RolloutLoop rollouts,
    Func<WorkQueue<Guid>, ReconcileWorkers> makeWorkers,
    TermOptions options,
    TimeProvider time,
    ILogger<ControllerTerm> logger)
{
    private readonly Lock _gate = new();
    private WorkQueue<Guid>? _queue;
    private (long Adds, long Retries) _ended;

    /// <summary>The queue of the present term; null while standing by.</summary>
    public WorkQueue<Guid>? Queue => Volatile.Read(ref _queue);

    /// <summary>When the feed that reads what is pending last came round; default before the first term.</summary>
    public DateTimeOffset LastFed => feeds.LastTurn;

    /// <summary>Of every term so far, so that a counter never falls.</summary>
    public (long Adds, long Retries) QueueTotals()
    {
        lock (_gate)
        {
            return _queue?.Statistics() is { } now ? (_ended.Adds + now.Adds, _ended.Retries + now.Retries) : _ended;
        }
    }

    /// <param name="leadership">The right to act.</param>
    /// <param name="stopping">Asks to finish what is under way within the drain limit.</param>
    /// <param name="lost">Cuts everything off at once.</param>
    public async Task RunAsync(Leadership leadership, CancellationToken stopping, CancellationToken lost)
    {
        using var queue = new WorkQueue<Guid>(time);
        using var feeding = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost);
        using var working = CancellationTokenSource.CreateLinkedTokenSource(lost);
        Volatile.Write(ref _queue, queue);
        ledger.Begin();
        void OnChanged(IReadOnlyList<string> apps) => Changed(queue, apps);
        informer.Changed += OnChanged;
        try
        {
            var workers = makeWorkers(queue).RunAsync(options.Workers, leadership, working.Token);
            var loops = Loops(queue, leadership, feeding.Token);
            await WatchAsync(loops, workers, feeding.Token);
            await feeding.CancelAsync();
            await DrainAsync(queue, workers, working, lost);
            await SettleAsync(loops.Values);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && !lost.IsCancellationRequested)
        {
            // asked to stop before the term had begun in earnest
        }
        finally
        {
            informer.Changed -= OnChanged;
            await feeding.CancelAsync();
            await working.CancelAsync();
            queue.ShutDown();
            EndQueue(queue);
        }
    }

    private void EndQueue(WorkQueue<Guid> queue)
    {
        lock (_gate)
        {
            var last = queue.Statistics();
            _ended = (_ended.Adds + last.Adds, _ended.Retries + last.Retries);
            Volatile.Write(ref _queue, null);
        }
    }

    private SortedDictionary<string, Task> Loops(WorkQueue<Guid> queue, Leadership leadership, CancellationToken cancellationToken)
    {
        var loops = new SortedDictionary<string, Task>(StringComparer.Ordinal)
        {
            ["changes"] = feeds.ChangesAsync(queue, cancellationToken),
            ["pending"] = feeds.PendingAsync(queue, cancellationToken),
            ["resync"] = feeds.ResyncAsync(() => PassAsync(queue, cancellationToken), cancellationToken),
            ["audit"] = feeds.AuditAsync(queue, cancellationToken),
            ["passes"] = PassesAsync(queue, cancellationToken),
            ["memory"] = feeds.MemoryAsync(cancellationToken),
            ["holds"] = holds.RunAsync(queue, cancellationToken),
            ["signals"] = feeds.SignalsAsync(queue, cancellationToken),
        };
        if (!options.ObserveOnly)
        {
            loops["tiers"] = feeds.TiersAsync(queue, leadership, cancellationToken);
            if (options.Rollouts)
            {
                loops["rollouts"] = rollouts.RunAsync(queue, leadership, cancellationToken);
            }
        }

        return loops;
    }

    /// <summary>A pass after each full list and each change of policy, never two at once: news that come meanwhile make one more.</summary>
    private async Task PassesAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        using var wanted = new SemaphoreSlim(view.ReadAt is null ? 0 : 1);
        void Want()
        {
            if (wanted.CurrentCount == 0)
            {
                wanted.Release();
            }
        }

        informer.Listed += Want;
        policies.Changed += Want;
        rollouts.Settled += Want;
        try
        {
            while (true)
            {
                await wanted.WaitAsync(cancellationToken);
                await PassAsync(queue, cancellationToken);
            }
        }
        finally
        {
            informer.Listed -= Want;
            policies.Changed -= Want;
            rollouts.Settled -= Want;
        }
    }

    private async Task PassAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        try
        {
            await pass.EnqueueAsync(queue, cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            HostLog.StoreUnavailable(logger, exception.Message); // the next pass comes anyway
        }
    }

    private void Changed(WorkQueue<Guid> queue, IReadOnlyList<string> apps)
    {
        foreach (var app in apps)
        {
            if (ledger.WorthALook(app, view.MachinesOf(app)) is { } user)
            {
                queue.Add(user, Priority.Incident, AddKind.Hint);
            }
        }
    }

    /// <summary>Returns when feeding ends; throws when a loop or the workers end before.</summary>
    private async Task WatchAsync(SortedDictionary<string, Task> loops, Task workers, CancellationToken feeding)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = feeding.Register(() => asked.TrySetResult());
        var first = await Task.WhenAny([asked.Task, workers, .. loops.Values]);
        if (first == asked.Task || feeding.IsCancellationRequested)
        {
            return;
        }

        await ThrowIfLeadershipLost(first);
        var name = first == workers ? "workers" : loops.First(l => l.Value == first).Key;
        HostLog.LoopEnded(logger, name, first.Exception?.GetBaseException());
        throw new LoopEndedException(name, first.Exception?.GetBaseException());
    }

    private static async Task ThrowIfLeadershipLost(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception exception) when (exception is not (LeadershipLostException or StaleEpochException))
        {
            // The caller reports it with the loop's name.
        }
    }

    private async Task DrainAsync(
        WorkQueue<Guid> queue, Task workers, CancellationTokenSource working, CancellationToken lost)
    {
        HostLog.Draining(logger, queue.Statistics().Processing, options.DrainLimit);
        queue.ShutDown();
        try
        {
            await workers.WaitAsync(options.DrainLimit, time, lost);
        }
        catch (TimeoutException)
        {
            HostLog.DrainCut(logger, options.DrainLimit);
            await working.CancelAsync();
            await SettleAsync([workers]);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            await SettleAsync([workers]);
            throw;
        }
    }

    /// <summary>Waits for tasks whose cancellation was asked for; a leadership that was lost on the way is still said.</summary>
    private static async Task SettleAsync(IEnumerable<Task> tasks)
    {
        foreach (var task in tasks)
        {
            try
            {
                await task;
            }
            catch (OperationCanceledException)
            {
                // as asked
            }
        }
    }
}

/// <param name="Workers">Reconciles under way at once.</param>
/// <param name="DrainLimit">How long a stop waits for them.</param>
/// <param name="ObserveOnly">Plan and report, change nothing.</param>
/// <param name="Rollouts">Changes reach users wave by wave.</param>
internal sealed record TermOptions(int Workers, TimeSpan DrainLimit, bool ObserveOnly, bool Rollouts);

/// <summary>A loop that must never end has ended.</summary>
internal sealed class LoopEndedException(string loop, Exception? innerException)
    : Exception($"the loop '{loop}' ended", innerException);
