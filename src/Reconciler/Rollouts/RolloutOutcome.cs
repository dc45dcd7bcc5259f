using Store;

namespace Reconciler.Rollouts;

/// <summary>What one turn decides. Written as a whole, then acted on.</summary>
internal sealed record RolloutOutcome
{
    public required RolloutState State { get; init; }
    public required Revision Stable { get; init; }
    public required Revision? Candidate { get; init; }
    public IReadOnlyList<RevisionRow> Revisions { get; init; } = [];

    /// <summary>Marks that are new or different.</summary>
    public IReadOnlyList<RolloutMark> Marks { get; init; } = [];

    public IReadOnlyList<Guid> Unmarked { get; init; } = [];
    public bool UnmarkAll { get; init; }

    /// <summary>Users who are to be looked at because their revision has changed.</summary>
    public IReadOnlyList<Guid> Moved { get; init; } = [];

    /// <summary>Users who are to be looked at because a fresh look decides about them.</summary>
    public IReadOnlyList<Guid> Looks { get; init; } = [];

    /// <summary>Users whose rejected spec an operator wants tried again.</summary>
    public IReadOnlyList<Guid> Forced { get; init; } = [];

    public IReadOnlyList<RolloutEntry> Entries { get; init; } = [];
    public IReadOnlyList<(long Order, string Answer)> Answers { get; init; } = [];

    /// <summary>Judgements made in this turn, by class; for metrics.</summary>
    public IReadOnlyList<string> Verdicts { get; init; } = [];

    /// <summary>Where the users are, for metrics and <c>rollout status</c>.</summary>
    public RolloutCount Count { get; init; } = RolloutCount.Nobody;
}

/// <summary>A rollout in numbers.</summary>
/// <param name="Fleet">Users the rollout is for.</param>
/// <param name="OnWay">Moved and not judged yet.</param>
/// <param name="Down">Moved by the rollout and not working now.</param>
/// <param name="Target">How many the present wave is for.</param>
internal sealed record RolloutCount(int Fleet, int Good, int OnWay, int Failed, int Skipped, int Down, int Target)
{
    public static RolloutCount Nobody { get; } = new(0, 0, 0, 0, 0, 0, 0);
}
