namespace Reconciler.Queueing;

// What metrics and the console see.
public sealed partial class WorkQueue<TKey>
{
    public QueueStatistics Statistics()
    {
        lock (_lock)
        {
            var now = Now;
            Settle(now); // a due key is ready even if its timer has not fired yet
            var (ready, stuck) = (new int[4], 0);
            var (oldest, longest, unfinished) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
            foreach (var entry in _entries.Values)
            {
                if (entry.Running)
                {
                    var running = now - entry.StartedAt;
                    unfinished += running;
                    stuck += running > QueueStatistics.StuckAfter ? 1 : 0;
                    longest = running > longest ? running : longest;
                }
                else if (entry.Place == EntryPlace.Ready)
                {
                    ready[(int)entry.Pending!.Value.Priority]++;
                    var waited = now - entry.ReadySince;
                    oldest = waited > oldest ? waited : oldest;
                }
            }

            return new QueueStatistics(ready, _delayed.Count, _running, oldest, longest, stuck, unfinished, _adds, _retries, _handedOut);
        }
    }

    /// <summary>Every key: running ones by start, then ready ones by class and rank, then delayed ones by due time.</summary>
    public IReadOnlyList<QueuedKey<TKey>> Snapshot()
    {
        lock (_lock)
        {
            var now = Now;
            var wall = _time.GetUtcNow();
            Settle(now);
            _ready.Age(now);
            return
            [
                .. _entries.Values
                    .OrderBy(static e => StateOf(e))
                    .ThenBy(static e => e.Running ? Priority.User : e.Place == EntryPlace.Ready ? e.Lane : Priority.Resync)
                    .ThenBy(static e => e.Running ? e.StartedAt : e.Place == EntryPlace.Ready ? e.LaneSince : e.DueAt)
                    .ThenBy(static e => e.Sequence)
                    .Select(e => Describe(e, now, wall)),
            ];
        }
    }

    private static QueuedState StateOf(QueueEntry<TKey> entry) =>
        entry.Running ? QueuedState.Processing
        : entry.Place == EntryPlace.Ready ? QueuedState.Ready
        : QueuedState.Delayed;

    private static QueuedKey<TKey> Describe(QueueEntry<TKey> entry, TimeSpan now, DateTimeOffset wall)
    {
        var pending = entry.Pending;
        var priority = entry.Running ? entry.RunningPriority : pending!.Value.Priority;
        return new QueuedKey<TKey>(
            entry.Key,
            StateOf(entry),
            priority,
            entry.Place == EntryPlace.Ready ? entry.Lane : priority,
            pending is { } p ? Wall(p.ReadyAt) : null,
            pending is { } held && held.HasFloor(now) ? Wall(held.Floor) : null);

        // A key that was asked for "never" must not overflow the calendar.
        DateTimeOffset Wall(TimeSpan at) => at - now >= DateTimeOffset.MaxValue - wall ? DateTimeOffset.MaxValue : wall + (at - now);
    }
}
