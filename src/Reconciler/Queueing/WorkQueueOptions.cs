namespace Reconciler.Queueing;

/// <summary>The two knobs that keep every class moving.</summary>
public sealed record WorkQueueOptions
{
    public static WorkQueueOptions Default { get; } = new();

    /// <summary>A ready item moves up one class for each of these it has waited. More than zero.</summary>
    public TimeSpan AgeingStep { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Every n-th hand-out goes to the lowest class that has an item. At least 2.</summary>
    public int ReservedEvery { get; init; } = 8;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AgeingStep, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReservedEvery, 2);
    }
}
