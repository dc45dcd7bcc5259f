namespace Store;

/// <summary>Proof of leadership; <see cref="Epoch"/> is compared by the database in every write.</summary>
public sealed record LeaseToken(string LeaseName, string Holder, long Epoch);

/// <summary>The answer to an attempt to lead.</summary>
/// <param name="Token">Null when somebody else leads.</param>
/// <param name="HeldBy">Who leads now.</param>
/// <param name="RemainingTtl">By the database's clock, at the time of the statement.</param>
public sealed record LeaseAttempt(LeaseToken? Token, string HeldBy, TimeSpan RemainingTtl);

/// <summary>The lease as stored; times are UTC on the database's clock.</summary>
public sealed record LeaseRow(string Name, string Holder, long Epoch, DateTime ExpiresAt, DateTime RenewedAt, bool Expired);

/// <summary>What the no-drift pass reads of a user. A struct: there is one per user in every pass.</summary>
/// <param name="Run">Entitled to a machine now (tier pro or elite, not cancelled, not expired).</param>
/// <param name="Tier"><c>pro</c>, <c>elite</c> or <c>free</c>; shared strings.</param>
/// <param name="Live">The app is expected to exist at Fly or may (not soft-deleted, or owned and not released, or asked for without an answer),
/// or what we say of a soft-deleted row is not the last word on it: we fell after its app was released, or another spoke later and knew less.</param>
/// <param name="Settled">The generation was observed, no retry is due, and the row has no override, pause or open intent.</param>
/// <param name="Fingerprint">What the last converged reconcile saw, as the controller hashed it; 0 when not converged.</param>
/// <param name="Revision">The revision that the user is to run (<see cref="UserApp.Revision"/>).</param>
/// <param name="Former">One of <see cref="UserApp.FormerApps"/>: it counts for nothing, and the user needs a look when it shows a machine.</param>
public readonly record struct AppSummary(
    Guid UserId, string AppName, string Tier, bool Run, bool Live, bool Settled, string? MachineId, long Fingerprint, string? Revision = null,
    bool Former = false);

/// <summary>A user and the app in full.</summary>
public sealed record UserApp
{
    public required Guid UserId { get; init; }

    /// <summary>When this was read, by the database's clock: what it dated is aged with it, whatever our own clock says.</summary>
    public DateTime ReadAt { get; init; }

    /// <summary><c>user_fly_apps.id</c>; null when the row vanished and only our ownership record is left.</summary>
    public Guid? RowId { get; init; }

    public required string AppName { get; init; }
    public required string OrgSlug { get; init; }

    /// <summary>The effective tier: <c>free</c> when the subscription is cancelled, expired or missing.</summary>
    public required string Tier { get; init; }

    public bool Entitled => Tier is "pro" or "elite";

    public required string Status { get; init; }
    public string? HealthStatus { get; init; }
    public required string Region { get; init; }
    public required string DockerImage { get; init; }
    public int CpuCount { get; init; }
    public int MemoryMb { get; init; }
    public DateTime? DeployedAt { get; init; }
    public DateTime? LastHealthCheck { get; init; }
    public string? ErrorMessage { get; init; }
    public int RetryCount { get; init; }
    public decimal? MonthlyCostUsd { get; init; }
    public DateTime? DeletedAt { get; init; }

    /// <summary>The one machine that may run for this user.</summary>
    public string? MachineId { get; init; }

    public long Generation { get; init; }
    public long ObservedGeneration { get; init; }

    /// <summary>JSON array of conditions; the store does not look inside.</summary>
    public string Conditions { get; init; } = "[]";

    /// <summary>JSON object of the controller's own memory about this app; the store does not look inside.</summary>
    public string ControllerState { get; init; } = "{}";

    public long Fingerprint { get; init; }

    /// <summary>The per-user override as written, unvalidated JSON; null when there is none.</summary>
    public string? Spec { get; init; }

    /// <summary>Paused now (<c>paused_until</c> not passed).</summary>
    public bool Paused { get; init; }

    public string? PauseOwner { get; init; }
    public string? PauseReason { get; init; }
    public DateTime? PausedUntil { get; init; }

    public DateTime? NextAttemptAt { get; init; }
    public string? LastErrorClass { get; init; }

    /// <summary>Null when we have no record of owning the app.</summary>
    public Ownership? Ownership { get; init; }

    /// <summary>Creations whose outcome is not known, under whatever name.</summary>
    public IReadOnlyList<CreateIntent> Intents { get; init; } = [];

    /// <summary>Those of <see cref="Intents"/> that are about the app that the row names.</summary>
    public IEnumerable<CreateIntent> OwnIntents => Intents.Where(intent => intent.AppName == AppName);

    /// <summary>Apps that are recorded as ours for this user, or were asked for, under names that no row has any more: given up while
    /// nobody could see them, or left by an edit of the row. By name (ordinal).</summary>
    public IReadOnlyList<string> FormerApps { get; init; } = [];

    /// <summary>The revision that the user is to run: the one it is marked with, else the fleet's stable one; null before there is any.</summary>
    public string? Revision { get; init; }
}

/// <summary>Our own record of owning an app; survives the deletion of the user.</summary>
/// <param name="OrgSlug">Where it was when it became ours: known for what we created or adopted, the row's word for what we inherited.</param>
public sealed record Ownership(
    string AppName, Guid UserId, OwnershipOrigin Origin, DateTime AcquiredAt, DateTime? ReleasedAt, string? OrgSlug = null);

public enum OwnershipOrigin
{
    /// <summary>We created the app.</summary>
    Created,

    /// <summary>The row named the app before our migration: the existing estate.</summary>
    Inherited,

    /// <summary>Taken over at run time on evidence.</summary>
    Adopted,
}

/// <summary>A create call that was about to be sent.</summary>
/// <param name="LaunchId">Unique; also in the machine's metadata.</param>
/// <param name="Kind"><c>app</c> or <c>machine</c>.</param>
/// <param name="MachineName">The deterministic name; null for an app.</param>
public sealed record CreateIntent(string LaunchId, string Kind, string AppName, Guid UserId, string? MachineName)
{
    /// <summary>By the database's clock, which sets it when the intent is opened; compare it with <see cref="UserApp.ReadAt"/> only.</summary>
    public DateTime CreatedAt { get; init; }
}

/// <param name="Reason">Why the user needs a look.</param>
public sealed record PendingUser(Guid UserId, PendingReason Reason);

public enum PendingReason
{
    NewGeneration,
    RetryDue,
}

/// <param name="Tier">The effective tier, <c>pro</c> or <c>elite</c>.</param>
public sealed record RowlessUser(Guid UserId, string Tier);

/// <param name="Entitled">Users that should run.</param>
/// <param name="OwnedLive">Apps that we own and have not released.</param>
public sealed record Census(int Entitled, int OwnedLive, int Rows);

/// <summary>What the database trigger writes into a row that it inserts; the controller corrects it with what it observes.</summary>
public sealed record RowDefaults(string AppNamePrefix, string OrgSlug, string Region, string DockerImage, int CpuCount, int MemoryMb);

/// <summary>The whole status of one user, as it should read after the write.</summary>
public sealed record StatusWrite
{
    public required Guid UserId { get; init; }
    public required Guid? RowId { get; init; }
    public required string AppName { get; init; }
    public required string Status { get; init; }
    public required string? HealthStatus { get; init; }
    public required string Region { get; init; }
    public required string DockerImage { get; init; }
    public required int CpuCount { get; init; }
    public required int MemoryMb { get; init; }
    public required DateTime? DeployedAt { get; init; }
    public required DateTime? LastHealthCheck { get; init; }
    public required string? ErrorMessage { get; init; }
    public required int RetryCount { get; init; }
    public required decimal? MonthlyCostUsd { get; init; }
    public required DateTime? DeletedAt { get; init; }
    public required long ObservedGeneration { get; init; }
    public required string Conditions { get; init; }
    public required string ControllerState { get; init; }
    public required long Fingerprint { get; init; }
    public required DateTime? NextAttemptAt { get; init; }
    public required string? LastErrorClass { get; init; }
    public IReadOnlyList<EventWrite> Events { get; init; } = [];
}

/// <summary>One line of the audit log: a transition, never a poll.</summary>
/// <param name="Type">One of the values <c>user_fly_app_events.event_type</c> allows.</param>
/// <param name="Metadata">A JSON object; names and digests only.</param>
public sealed record EventWrite(string Type, string Status, string Metadata, string? ErrorDetails);

/// <param name="Granted">The destruction may go ahead.</param>
/// <param name="Used">Draws within the last hour, this one included when granted.</param>
/// <param name="NextFreeAt">When the oldest draw leaves the window, when not granted (UTC, database clock).</param>
public sealed record BudgetDraw(bool Granted, int Used, DateTime? NextFreeAt);

/// <summary>A hint that something changed.</summary>
/// <param name="UserId">Null: anything may have changed.</param>
public readonly record struct ChangeHint(Guid? UserId)
{
    public static ChangeHint Everything => new(null);
}
