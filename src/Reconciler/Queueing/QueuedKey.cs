namespace Reconciler.Queueing;

/// <summary>One key of the queue as the console shows it.</summary>
/// <param name="Priority">The class it was asked for in.</param>
/// <param name="Lane">The class it stands in now; better than <paramref name="Priority"/> by ageing.</param>
/// <param name="ReadyAt">When it is or was due. For a running key: when it will be wanted again, null when it will not.</param>
/// <param name="Floor">The backoff floor that holds it, null when none does.</param>
public sealed record QueuedKey<TKey>(
    TKey Key, QueuedState State, Priority Priority, Priority Lane, DateTimeOffset? ReadyAt, DateTimeOffset? Floor)
    where TKey : notnull;

public enum QueuedState
{
    Processing,
    Ready,
    Delayed,
}
