namespace Store;

/// <summary>Where the fleet stands between two revisions, and all that one turn of the rollout looks at: read in one transaction.</summary>
/// <param name="Version">Counts writes; 0 before the first.</param>
/// <param name="Stable">The revision of everybody without a mark; null before the first write.</param>
/// <param name="Candidate">The revision that is being rolled out, or back; null when there is none.</param>
/// <param name="State">JSON object of the controller's; the store does not look inside.</param>
/// <param name="Revisions">The stable one, the candidate and the one that was asked for, as far as they are known, by id.</param>
/// <param name="Orders">Orders without an answer, oldest first.</param>
/// <param name="Users">Everybody entitled or marked, by user id; empty when not asked for.</param>
public sealed record RolloutBoard(
    long Version,
    string? Stable,
    string? Candidate,
    string State,
    IReadOnlyList<RevisionRow> Revisions,
    IReadOnlyList<RolloutOrder> Orders,
    IReadOnlyList<RolloutUser> Users);

/// <summary>An image, a template and a digest of the secrets that a fleet had or was to have.</summary>
/// <param name="Id">A hash over the content.</param>
/// <param name="Content">JSON object; the store does not look inside.</param>
/// <param name="Verdict"><c>unknown</c>, <c>good</c> or <c>bad</c>.</param>
/// <param name="Evidence">Why it is bad; null when it is not.</param>
/// <param name="StartedBy">What or who brought it first.</param>
public sealed record RevisionRow(string Id, string Content, string Verdict, string? Evidence, string StartedBy);

/// <summary>A user as the rollout sees one.</summary>
public sealed record RolloutUser
{
    public required Guid UserId { get; init; }
    public required string AppName { get; init; }
    /// <summary>The effective tier.</summary>
    public required string Tier { get; init; }

    public required bool Entitled { get; init; }
    public required bool Paused { get; init; }

    /// <summary>The override names an image.</summary>
    public required bool OwnImage { get; init; }

    public required string Status { get; init; }
    public required string? HealthStatus { get; init; }
    public required string? MachineId { get; init; }

    /// <summary>The last reconcile ended as wished.</summary>
    public required bool Converged { get; init; }

    /// <summary>What the machine was last seen to run in full, as <see cref="ControllerState"/> says.</summary>
    public required string? Runs { get; init; }

    /// <summary>What the last reconcile steered to.</summary>
    public required string? Target { get; init; }

    public required string? LastErrorClass { get; init; }

    /// <summary>Of a marked user; null for the others, to keep the answer small.</summary>
    public required string? Conditions { get; init; }

    /// <summary>Of a marked user; null for the others.</summary>
    public required string? ControllerState { get; init; }

    public required RolloutMark? Mark { get; init; }
}

/// <summary>A user's place in a rollout.</summary>
/// <param name="Revision">What the user is to run.</param>
/// <param name="Wave">0 = canary.</param>
/// <param name="AdmittedAt">When the user was moved to <paramref name="Revision"/> (UTC, as all times here).</param>
/// <param name="DeadlineFrom">From when its deadline counts: later than <paramref name="AdmittedAt"/> when the world was in the way.</param>
/// <param name="WasDown">Had no working machine when admitted, nor since before its move got to it, so that moving it costs nobody anything.</param>
/// <param name="ProvingSince">Since when the user looks good; null when it does not.</param>
/// <param name="Verdict"><c>pending</c>, <c>good</c>, <c>failed</c> or <c>skipped</c>.</param>
/// <param name="Why">The verdict's reason, or what is waited for.</param>
public sealed record RolloutMark(
    Guid UserId,
    string Revision,
    int Wave,
    DateTime AdmittedAt,
    DateTime DeadlineFrom,
    bool WasDown,
    DateTime? ProvingSince,
    string Verdict,
    string Why);

/// <summary>What an operator asked for.</summary>
/// <param name="Kind"><c>pause</c>, <c>resume</c>, <c>promote</c>, <c>abort</c> or <c>retry</c>.</param>
/// <param name="Until">When a pause ends by itself; null = it does not.</param>
public sealed record RolloutAsk(string Kind, string Owner, string Reason, DateTime? Until);

/// <param name="Answer">What became of it; null = nobody has looked yet.</param>
public sealed record RolloutOrder(long Id, RolloutAsk Ask, string? Answer);

/// <summary>One line of the history.</summary>
/// <param name="At">By the database's clock; ignored when written.</param>
public sealed record RolloutEntry(DateTime At, string Action, string Revision, string Owner, string Message);

/// <summary>One turn's outcome, written as a whole or not at all.</summary>
public sealed record RolloutWrite
{
    /// <summary>The version that was read.</summary>
    public required long Expected { get; init; }

    public required string Stable { get; init; }
    public required string? Candidate { get; init; }
    public required string State { get; init; }

    /// <summary>New ones, and those whose verdict is another.</summary>
    public IReadOnlyList<RevisionRow> Revisions { get; init; } = [];

    public IReadOnlyList<RolloutMark> Marks { get; init; } = [];

    /// <summary>Users whose mark goes; all marks go when <see cref="UnmarkAll"/> is set, before <see cref="Marks"/> are written.</summary>
    public IReadOnlyList<Guid> Unmarked { get; init; } = [];

    public bool UnmarkAll { get; init; }
    public IReadOnlyList<RolloutEntry> Entries { get; init; } = [];

    /// <summary>Answers by the id of the order.</summary>
    public IReadOnlyList<(long Order, string Answer)> Answers { get; init; } = [];
}
