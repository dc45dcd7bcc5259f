using Reconciler.Model;

namespace Reconciler.Planning;

public enum Verdict
{
    /// <summary>Desired and observed agree; nothing to do.</summary>
    Settled,

    /// <summary>There are steps to take.</summary>
    Act,

    /// <summary>Something is on its way; look again later.</summary>
    Wait,

    /// <summary>Something must be put right, or a guard lifted, before anything is done.</summary>
    Blocked,
}

/// <summary>A difference between desired and observed, with values that may be shown (never a secret's).</summary>
public sealed record Drift(string Field, string? Observed, string? Desired);

/// <summary>What to do for one user, and why: a finite, ordered list.</summary>
public sealed record Plan
{
    public required Verdict Verdict { get; init; }

    /// <summary>One of <see cref="Reasons"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>One sentence for the operator. Stable while the situation is: it holds no clock times that move.</summary>
    public required string Message { get; init; }

    public IReadOnlyList<Step> Steps { get; init; } = [];
    public IReadOnlyList<Drift> Drifts { get; init; } = [];

    /// <summary>When to look again; null = only when something changes.</summary>
    public TimeSpan? RequeueAfter { get; init; }

    /// <summary>The memory as the observation left it, before any step.</summary>
    public required AppMemory Memory { get; init; }

    public required HealthVerdict Health { get; init; }

    /// <summary>What this observation found out about earlier changes.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>The spec that this plan steers to (the last good one while a newer is rejected); null when there is none.</summary>
    public MachineSpec? Spec { get; init; }
}
