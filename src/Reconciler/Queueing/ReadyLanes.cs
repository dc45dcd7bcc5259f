namespace Reconciler.Queueing;

/// <summary>
/// The ready entries, by class. Each class has two lanes, each first in, first out: one for entries that asked for the class and
/// one for entries that reached it by ageing. They are served in turn, because in a single lane a resync of the whole fleet that
/// has aged to the top would stand in front of the next user's change, and that is the burial the classes are there to prevent.
/// </summary>
internal sealed class ReadyLanes<TKey>(WorkQueueOptions options)
    where TKey : notnull
{
    private static readonly Comparer<QueueEntry<TKey>> ByRank = Comparer<QueueEntry<TKey>>.Create(static (a, b) =>
        a.LaneSince != b.LaneSince ? a.LaneSince.CompareTo(b.LaneSince) : a.Sequence.CompareTo(b.Sequence));

    private readonly PriorityClass[] _classes = [new(), new(), new(), new()];
    private long _handedOut;

    public void Add(QueueEntry<TKey> entry, Priority priority, TimeSpan now) => Enter(entry, priority, aged: false, now);

    public void Remove(QueueEntry<TKey> entry) => LaneOf(entry).Remove(entry);

    /// <summary>Moves the entry to the end of a better class; one that already stands there by ageing keeps its rank.</summary>
    public void Raise(QueueEntry<TKey> entry, Priority priority, long sequence, TimeSpan now)
    {
        Age(now);
        if (priority >= entry.Lane)
        {
            return;
        }

        Remove(entry);
        entry.Sequence = sequence;
        Enter(entry, priority, aged: false, now);
    }

    public bool TryTake(TimeSpan now, out QueueEntry<TKey> entry)
    {
        Age(now);
        var reserved = (_handedOut + 1) % options.ReservedEvery == 0;
        var chosen = reserved
            ? Array.FindLast(_classes, static c => !c.IsEmpty)
            : Array.Find(_classes, static c => !c.IsEmpty);
        if (chosen is null)
        {
            entry = null!;
            return false;
        }

        _handedOut++;
        entry = chosen.Take();
        return true;
    }

    /// <summary>From the lowest class up, so that an entry that waited several steps between two hand-outs makes them all.</summary>
    public void Age(TimeSpan now)
    {
        for (var priority = Priority.Resync; priority > Priority.User; priority--)
        {
            var from = _classes[(int)priority];
            while (from.Oldest is { } entry && now - entry.LaneSince >= options.AgeingStep)
            {
                LaneOf(entry).Remove(entry);
                Enter(entry, priority - 1, aged: true, entry.LaneSince + options.AgeingStep);
            }
        }
    }

    private void Enter(QueueEntry<TKey> entry, Priority priority, bool aged, TimeSpan since)
    {
        entry.Lane = priority;
        entry.Aged = aged;
        entry.LaneSince = since;
        LaneOf(entry).Add(entry);
    }

    private SortedSet<QueueEntry<TKey>> LaneOf(QueueEntry<TKey> entry)
    {
        var lanes = _classes[(int)entry.Lane];
        return entry.Aged ? lanes.Aged : lanes.Own;
    }

    private sealed class PriorityClass
    {
        private bool _agedIsNext;

        public SortedSet<QueueEntry<TKey>> Own { get; } = new(ByRank);

        public SortedSet<QueueEntry<TKey>> Aged { get; } = new(ByRank);

        public bool IsEmpty => Own.Count + Aged.Count == 0;

        public QueueEntry<TKey>? Oldest => (Own.Min, Aged.Min) switch
        {
            (null, var aged) => aged,
            (var own, null) => own,
            var (own, aged) => ByRank.Compare(own, aged) <= 0 ? own : aged,
        };

        public QueueEntry<TKey> Take()
        {
            var lane = Own.Count == 0 || (_agedIsNext && Aged.Count > 0) ? Aged : Own;
            _agedIsNext = lane == Own;
            var entry = lane.Min!;
            lane.Remove(entry);
            return entry;
        }
    }
}
