namespace Store;

/// <summary>
/// What the web console reads beyond <see cref="IStore"/>, and the operator's wishes that it writes. One method is one transaction.
/// Nothing here is fenced: any process may show the database, and an operator's wish does not depend on who leads.
/// </summary>
public interface IConsoleStore
{
    /// <summary>Every user who has an app or should have one, ordered by app name (ordinal). One SELECT.</summary>
    Task<IReadOnlyList<FleetRow>> ReadFleetAsync(CancellationToken cancellationToken);

    /// <summary>The newest events of a user, newest first, at most <paramref name="limit"/>.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="typePrefix">Only event types that begin so; empty for all.</param>
    /// <param name="limit">1 or more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<StoredEvent>> ReadEventsAsync(Guid userId, string typePrefix, int limit, CancellationToken cancellationToken);

    /// <summary>The newest actions of operators, newest first; of one user, or of everybody when null.</summary>
    Task<IReadOnlyList<OperatorAction>> ReadActionsAsync(Guid? userId, int limit, CancellationToken cancellationToken);

    /// <summary>Appends to the operators' journal; <see cref="OperatorAction.At"/> is the database's time, whatever is given.</summary>
    Task RecordActionAsync(OperatorAction action, CancellationToken cancellationToken);

    /// <summary>Pauses a user and records it; false when the user has no row.</summary>
    /// <param name="action">Its owner and reason are written into the row, too.</param>
    /// <param name="until">UTC; null = until somebody unpauses.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<bool> PauseAsync(OperatorAction action, DateTime? until, CancellationToken cancellationToken);

    /// <summary>Ends a pause and records it; false when the user has no row.</summary>
    Task<bool> UnpauseAsync(OperatorAction action, CancellationToken cancellationToken);
}

/// <summary>One user as the fleet's picture needs it. Texts are as they stand in the database: hostile until shown as text.</summary>
public sealed record FleetRow
{
    public required Guid UserId { get; init; }
    public required string AppName { get; init; }

    /// <summary>The effective tier: <c>pro</c>, <c>elite</c> or <c>free</c>.</summary>
    public required string Tier { get; init; }

    public bool Entitled => Tier is "pro" or "elite";
    public required string Status { get; init; }

    /// <summary>The app is expected to exist at Fly.</summary>
    public required bool Live { get; init; }

    /// <summary>The controller has seen the newest wish.</summary>
    public required bool Observed { get; init; }

    public bool Paused { get; init; }
    public string? PauseOwner { get; init; }
    public string? PauseReason { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? PausedUntil { get; init; }

    public string? Error { get; init; }
    public int Retries { get; init; }

    /// <summary>UTC.</summary>
    public DateTime? NextAttemptAt { get; init; }

    /// <summary>The Ready condition's status, reason, message and transition; null before the first reconcile.</summary>
    public string? Ready { get; init; }
    public string? Reason { get; init; }
    public string? Message { get; init; }
    public DateTimeOffset? ReadySince { get; init; }
    public bool Progressing { get; init; }
    public bool Degraded { get; init; }
    public DateTimeOffset? DegradedSince { get; init; }
    public decimal? MonthlyCostUsd { get; init; }
}

/// <summary>A line of the audit log as stored; <paramref name="Metadata"/> is JSON.</summary>
public sealed record StoredEvent(DateTime At, string Type, string Status, string Metadata, string? Error);

/// <summary>What an operator did.</summary>
/// <param name="At">UTC, the database's clock.</param>
/// <param name="Action"><c>force</c>, <c>pause</c>, <c>unpause</c>, <c>release-hold</c> or <c>approve-destroy</c>.</param>
/// <param name="UserId">Null = the whole fleet.</param>
/// <param name="Owner">Who.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detail">For example the hash of the approved plan.</param>
public sealed record OperatorAction(DateTime At, string Action, Guid? UserId, string Owner, string Reason, string Detail);
