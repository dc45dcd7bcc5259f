namespace Reconciler.Queueing;

/// <summary>Everything the queue knows about one key. Belongs to the queue's lock; lives while pending or running.</summary>
internal sealed class QueueEntry<TKey>(TKey key)
    where TKey : notnull
{
    public TKey Key { get; } = key;

    /// <summary>Wanted and not handed out: "dirty" in the usual telling.</summary>
    public PendingWork? Pending { get; set; }

    public EntryPlace Place { get; set; }

    /// <summary>Order of arrival: breaks ties between equal times, so that the same history gives the same order.</summary>
    public long Sequence { get; set; }

    /// <summary>The due time under which the entry stands in the set of delayed ones. Its order there must not move.</summary>
    public TimeSpan DueAt { get; set; }

    public TimeSpan ReadySince { get; set; }

    /// <summary>The class it queues in now: its own, or a better one by ageing.</summary>
    public Priority Lane { get; set; }

    public bool Aged { get; set; }

    /// <summary>When it entered the lane, which is its rank there.</summary>
    public TimeSpan LaneSince { get; set; }

    /// <summary>In a worker's hands: "processing" in the usual telling.</summary>
    public bool Running { get; set; }

    public TimeSpan StartedAt { get; set; }

    public Priority RunningPriority { get; set; }
}

internal enum EntryPlace
{
    /// <summary>In neither set: nothing pending, or the key is running and must wait for Done.</summary>
    Held,
    Delayed,
    Ready,
}
