namespace Reconciler.Rollouts;

/// <summary>What a rollout is doing.</summary>
internal enum RolloutPhase
{
    /// <summary>Everybody has the stable revision, or gets it without further ado.</summary>
    Idle,

    /// <summary>Users of the present wave are moved to the candidate.</summary>
    Rolling,

    /// <summary>The next wave is to come: its time or its window has not.</summary>
    Soaking,

    /// <summary>Whoever was moved goes back to the stable revision.</summary>
    Reverting,

    /// <summary>Going back does not work, either: nothing is moved until a person or a third revision comes.</summary>
    RevertFailed,
}

/// <summary>Where a rollout stands, apart from the ids of its two revisions and its users' marks. Kept in the database and only there.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Wave">-1 before the canary, 0 = canary, then 1, 2, …</param>
/// <param name="Since">Since when it is in this phase and wave.</param>
/// <param name="StartedAt">When the candidate became one.</param>
/// <param name="MovedAt">When a user was last moved or judged: how long it has stood still.</param>
/// <param name="SoakUntil">When the next wave may begin; null = not soaking.</param>
/// <param name="Promoted">An operator has waived canary, waves, soaks and windows; what is down at once stays bounded.</param>
/// <param name="Pause">An operator's, or null.</param>
/// <param name="Why">Why nothing moves, or what it goes back for; null = it moves.</param>
internal sealed record RolloutState(
    RolloutPhase Phase,
    int Wave,
    DateTimeOffset Since,
    DateTimeOffset StartedAt,
    DateTimeOffset MovedAt,
    DateTimeOffset? SoakUntil,
    bool Promoted,
    RolloutPause? Pause,
    string? Why)
{
    public static RolloutState At(DateTimeOffset now) => new(RolloutPhase.Idle, -1, now, now, now, null, false, null, null);

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsUnderWay => Phase != RolloutPhase.Idle;
}

/// <param name="Until">When it ends by itself; null = when somebody resumes.</param>
internal sealed record RolloutPause(string Owner, string Reason, DateTimeOffset? Until);
