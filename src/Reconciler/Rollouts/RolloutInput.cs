using Store;

namespace Reconciler.Rollouts;

/// <summary>Everything the rollout planner may look at, and the instant. Same input, same outcome.</summary>
internal sealed record RolloutInput
{
    /// <summary>Null before the first revision.</summary>
    public required RolloutState? State { get; init; }

    /// <summary>Null before the first revision.</summary>
    public required Revision? Stable { get; init; }

    public required Revision? Candidate { get; init; }

    /// <summary>What the configuration asks for now; null while no image is known.</summary>
    public required Revision? Wish { get; init; }

    /// <summary>What is in the way of moving anybody to anything: the registry is away, the key is refused. Null = nothing.</summary>
    public required string? WishProblem { get; init; }

    /// <summary>What is recorded of the three above.</summary>
    public required IReadOnlyDictionary<string, RevisionRow> Known { get; init; }

    /// <summary>Whether the values of the stable revision's secrets are in the configuration.</summary>
    public required bool StableSecretsKnown { get; init; }

    /// <summary>By user id; empty is right only while nothing is under way.</summary>
    public required IReadOnlyList<UserFacts> Users { get; init; }

    public required IReadOnlyList<RolloutOrder> Orders { get; init; }

    /// <summary>When this process last saw a user as wished.</summary>
    public required Func<Guid, DateTimeOffset?> SeenGoodAt { get; init; }

    public required RolloutSettings Settings { get; init; }
    public required DateTimeOffset LeadingSince { get; init; }
    public required DateTimeOffset Now { get; init; }

    /// <summary>A revert may have to wait until a stuck machine is replaced.</summary>
    public required TimeSpan StuckAfter { get; init; }

    /// <summary>Whether the users are needed to tell what is next: a fleet at rest is not read.</summary>
    /// <param name="state">As read.</param>
    /// <param name="board">As read, without users.</param>
    /// <param name="wish">What the configuration asks for.</param>
    /// <param name="mayBegin">Nothing is in the way of a new rollout.</param>
    public static bool NeedsUsers(RolloutState state, RolloutBoard board, Revision? wish, bool mayBegin) =>
        state.IsUnderWay
        || board.Orders.Count > 0
        || (mayBegin && wish is not null && wish.Id != board.Stable && !board.Revisions.Any(r => r.Id == wish.Id && r.Verdict == "bad"));
}
