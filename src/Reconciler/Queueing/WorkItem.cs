namespace Reconciler.Queueing;

/// <summary>A key in a worker's hands until <see cref="WorkQueue{TKey}.Done"/>.</summary>
/// <param name="Priority">The class it was asked for in, ageing not included; a requeue keeps it.</param>
/// <param name="Kinds">Everything that asked for the key since it was last handed out.</param>
/// <param name="EnqueuedAt">When it was first asked for, delays included.</param>
/// <param name="Waited">How long it was due and no worker was free.</param>
public sealed record WorkItem<TKey>(TKey Key, Priority Priority, AddKind Kinds, DateTimeOffset EnqueuedAt, TimeSpan Waited)
    where TKey : notnull
{
    public bool IsForced => Kinds.HasFlag(AddKind.Force);

    public bool IsNewGeneration => Kinds.HasFlag(AddKind.NewGeneration);
}
