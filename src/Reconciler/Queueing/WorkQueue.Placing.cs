namespace Reconciler.Queueing;

// How entries move between held, delayed, ready and running. Everything here runs under the lock.
public sealed partial class WorkQueue<TKey>
{
    /// <summary>Timers are armed for at most this, well inside what a timer can hold.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromHours(1);

    private static readonly Comparer<QueueEntry<TKey>> ByDue = Comparer<QueueEntry<TKey>>.Create(static (a, b) =>
        a.DueAt != b.DueAt ? a.DueAt.CompareTo(b.DueAt) : a.Sequence.CompareTo(b.Sequence));

    private Priority KeptPriority(TKey key) =>
        !_entries.TryGetValue(key, out var entry) ? Priority.Resync
        : entry.Running ? entry.RunningPriority
        : entry.Pending?.Priority ?? Priority.Resync;

    private bool Accept(TKey key, in PendingWork work, TimeSpan now)
    {
        if (_closed)
        {
            return false;
        }

        if (!_entries.TryGetValue(key, out var entry))
        {
            entry = new QueueEntry<TKey>(key) { Sequence = ++_sequence };
            _entries.Add(key, entry);
        }

        entry.Pending = entry.Pending?.Merge(work) ?? work;
        if (!entry.Running)
        {
            Place(entry, now);
        }

        return true;
    }

    private void Place(QueueEntry<TKey> entry, TimeSpan now)
    {
        PromoteDue(now); // what is due by now was due before this call, and ranks before it
        var pending = entry.Pending!.Value;
        if (pending.ReadyAt > now)
        {
            Unplace(entry);
            entry.Place = EntryPlace.Delayed;
            entry.DueAt = pending.ReadyAt;
            _delayed.Add(entry);
        }
        else if (entry.Place == EntryPlace.Ready)
        {
            _ready.Raise(entry, pending.Priority, ++_sequence, now);
        }
        else
        {
            Unplace(entry);
            MakeReady(entry, now);
        }

        Settle(now);
    }

    private void Unplace(QueueEntry<TKey> entry)
    {
        if (entry.Place == EntryPlace.Ready)
        {
            _ready.Remove(entry);
        }
        else if (entry.Place == EntryPlace.Delayed)
        {
            _delayed.Remove(entry);
        }

        entry.Place = EntryPlace.Held;
    }

    private void MakeReady(QueueEntry<TKey> entry, TimeSpan since)
    {
        entry.Place = EntryPlace.Ready;
        entry.Sequence = ++_sequence;
        entry.ReadySince = since;
        _ready.Add(entry, entry.Pending!.Value.Priority, since);
    }

    private void PromoteDue(TimeSpan now)
    {
        while (_delayed.Min is { } entry && entry.DueAt <= now)
        {
            _delayed.Remove(entry);
            MakeReady(entry, entry.DueAt);
        }
    }

    /// <summary>Restores the two rules that hold between calls: nobody waits while something is ready, and the timer is set for the next due time.</summary>
    private void Settle(TimeSpan now)
    {
        PromoteDue(now);
        while (_waiters.First is { } first && TryHandOut(now, out var item))
        {
            first.Value.Complete(item);
        }

        Arm(now);
    }

    private bool TryHandOut(TimeSpan now, out WorkItem<TKey>? item)
    {
        if (!_ready.TryTake(now, out var entry))
        {
            item = null;
            return false;
        }

        var pending = entry.Pending!.Value;
        entry.Pending = null;
        entry.Place = EntryPlace.Held;
        entry.Running = true;
        entry.RunningPriority = pending.Priority;
        entry.StartedAt = now;
        _running++;
        _handedOut++;
        item = new WorkItem<TKey>(
            entry.Key, pending.Priority, pending.Kinds, _time.GetUtcNow() - (now - pending.AskedAt), now - entry.ReadySince);
        return true;
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _armedFor = null;
            Settle(Now);
        }
    }

    private void Arm(TimeSpan now)
    {
        var due = _closed ? null : _delayed.Min?.DueAt;
        if (due == _armedFor)
        {
            return;
        }

        _armedFor = due;
        _timer.Change(due is { } at ? TimerFor(at - now) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Timers count whole milliseconds; rounding down would wake too early, find nothing due and spin.</summary>
    private static TimeSpan TimerFor(TimeSpan wait) =>
        wait > LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private void CompleteDrain()
    {
        if (_closed && _running == 0)
        {
            _drained.TrySetResult();
        }
    }
}
