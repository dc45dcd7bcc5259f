namespace Reconciler.Queueing;

/// <summary>
/// A deduplicated queue of keys with classes, delays and backoff floors. It promises:
/// <list type="bullet">
/// <item>A key is in one worker's hands at most. Whatever is asked of it meanwhile becomes exactly one more run after
/// <see cref="Done"/>.</item>
/// <item>A key waits as one item. Adding again keeps the better class and the earlier time.</item>
/// <item>A floor set by a failure holds against hints; a new generation and force go past it.</item>
/// <item>Nothing starves. After <c>3 x AgeingStep</c> (3 min) any ready item stands in the top class, where nothing that becomes
/// ready later by ageing can pass it; with A aged items before it, it is handed out within <c>8 x ceil((A + 1) / 3)</c> hand-outs
/// (of 8, 7 go by class, of which its lane gets at least 3). The same bound holds for a user's change behind A other users'
/// changes, however large the backlog below. And every 8th hand-out goes to the lowest class that has an item.</item>
/// <item>The same calls at the same times give the same order.</item>
/// </list>
/// Any number of producers and takers; no call blocks a thread. Delays run on the monotonic clock, so that a corrected wall clock
/// neither loses nor bursts them.
/// </summary>
public sealed partial class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly ITimer _timer;
    private readonly Dictionary<TKey, QueueEntry<TKey>> _entries = [];
    private readonly SortedSet<QueueEntry<TKey>> _delayed = new(ByDue);
    private readonly ReadyLanes<TKey> _ready;

    /// <summary>Takers that found nothing, first come first served. Not empty only while nothing is ready.</summary>
    private readonly LinkedList<Waiter> _waiters = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan? _armedFor;
    private long _sequence;
    private int _running;
    private bool _closed;
    private long _adds;
    private long _retries;
    private long _handedOut;

    public WorkQueue(TimeProvider time, WorkQueueOptions? options = null)
    {
        var chosen = options ?? WorkQueueOptions.Default;
        chosen.Validate();
        _time = time;
        _origin = time.GetTimestamp();
        _ready = new ReadyLanes<TKey>(chosen);
        _timer = time.CreateTimer(static state => ((WorkQueue<TKey>)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Asks for the key, now or after <paramref name="delay"/>. Ignored once shut down.</summary>
    public void Add(TKey key, Priority priority, AddKind kind, TimeSpan delay = default)
    {
        lock (_lock)
        {
            var now = Now;
            if (Accept(key, PendingWork.Added(priority, kind, now, delay), now))
            {
                _adds++;
            }
        }
    }

    /// <summary>
    /// Asks for the key again after <paramref name="delay"/>. Called by the worker that has the key, before <see cref="Done"/>; or at
    /// start-up, for a retry time that was kept in the database, in either order with the first hints. Ignored once shut down.
    /// </summary>
    /// <param name="priority">Null keeps the class the key has.</param>
    /// <param name="floor">True after a failure: hints cannot make it earlier.</param>
    /// <param name="carry">Kinds the next run should see again, such as <see cref="AddKind.Force"/> when a forced run failed.</param>
    public void Requeue(TKey key, TimeSpan delay, Priority? priority = null, bool floor = false, AddKind carry = AddKind.None)
    {
        lock (_lock)
        {
            var now = Now;
            var kept = priority ?? KeptPriority(key);
            if (Accept(key, PendingWork.Requeued(kept, carry, now, delay, floor), now) && floor)
            {
                _retries++;
            }
        }
    }

    /// <summary>The next key, waiting for one if need be; null once the queue is shut down.</summary>
    public ValueTask<WorkItem<TKey>?> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return ValueTask.FromCanceled<WorkItem<TKey>?>(cancellationToken);
            }

            if (_closed)
            {
                return new((WorkItem<TKey>?)null);
            }

            var now = Now;
            Settle(now); // those who waited for what has just become due come before us
            return TryHandOut(now, out var item) ? new(item) : Wait(cancellationToken);
        }
    }

    /// <summary>Ends the worker's hold on the key. Without a <see cref="Requeue"/> before it, failures are forgotten.</summary>
    /// <exception cref="InvalidOperationException">The key is in nobody's hands.</exception>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out var entry) || !entry.Running)
            {
                throw new InvalidOperationException("Done was called for a key that no worker has.");
            }

            entry.Running = false;
            _running--;
            if (entry.Pending is null)
            {
                _entries.Remove(key);
            }
            else
            {
                Place(entry, Now);
            }

            CompleteDrain();
        }
    }

    /// <summary>Stops intake and hand-outs: waiting takers get null. Keys in workers' hands stay theirs until Done.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            _closed = true;
            while (_waiters.First is { } first)
            {
                first.Value.Complete(null);
            }

            Arm(Now);
            CompleteDrain();
        }
    }

    /// <summary>Shuts down; the task completes when no worker has a key. Bound it with <c>WaitAsync</c>.</summary>
    public Task DrainAsync()
    {
        ShutDown();
        return _drained.Task;
    }

    public void Dispose()
    {
        ShutDown();
        _timer.Dispose();
    }
}
