namespace Reconciler.Queueing;

/// <summary>
/// What has been asked of a key since it was last handed out. Merging is commutative and associative, so the order in which
/// an event, a retry and an operator arrive cannot matter. Times are on the queue's own monotonic clock.
/// </summary>
/// <param name="AskedAt">The first request.</param>
/// <param name="HintAt">The earliest time any request that respects the floor asked for.</param>
/// <param name="UrgentAt">The earliest time any request that goes past the floor asked for.</param>
/// <param name="Floor">Not before this, unless <paramref name="UrgentAt"/> says so.</param>
internal readonly record struct PendingWork(
    Priority Priority, AddKind Kinds, TimeSpan AskedAt, TimeSpan HintAt, TimeSpan UrgentAt, TimeSpan Floor)
{
    private const AddKind PastTheFloor = AddKind.NewGeneration | AddKind.Force;

    public TimeSpan ReadyAt => Min(UrgentAt, HintAt > Floor ? HintAt : Floor);

    public bool HasFloor(TimeSpan now) => Floor > now && UrgentAt > now;

    public static PendingWork Added(Priority priority, AddKind kind, TimeSpan now, TimeSpan delay)
    {
        var at = Later(now, delay);
        return (kind & PastTheFloor) != 0
            ? new(priority, kind, now, TimeSpan.MaxValue, at, TimeSpan.Zero)
            : new(priority, kind, now, at, TimeSpan.MaxValue, TimeSpan.Zero);
    }

    /// <summary>Carried kinds tell the next worker what the failed one was asked; they do not go past the floor again.</summary>
    public static PendingWork Requeued(Priority priority, AddKind carried, TimeSpan now, TimeSpan delay, bool floor)
    {
        var at = Later(now, delay);
        return new(priority, carried, now, at, TimeSpan.MaxValue, floor ? at : TimeSpan.Zero);
    }

    public PendingWork Merge(in PendingWork other) => new(
        Priority < other.Priority ? Priority : other.Priority,
        Kinds | other.Kinds,
        Min(AskedAt, other.AskedAt),
        Min(HintAt, other.HintAt),
        Min(UrgentAt, other.UrgentAt),
        Floor > other.Floor ? Floor : other.Floor);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Later(TimeSpan now, TimeSpan delay) =>
        delay <= TimeSpan.Zero ? now
        : delay >= TimeSpan.MaxValue - now ? TimeSpan.MaxValue
        : now + delay;
}
