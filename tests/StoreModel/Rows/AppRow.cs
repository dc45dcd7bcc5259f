namespace StoreModel;

/// <summary>A row of <c>user_fly_apps</c>; defaults are the columns'.</summary>
public sealed record AppRow
{
    public required Guid RowId { get; init; }
    public required Guid UserId { get; init; }
    public required string AppName { get; init; }
    public required string OrgSlug { get; init; }
    public required string Status { get; init; }
    public required string Region { get; init; }
    public required string DockerImage { get; init; }
    public DateTime? DeployedAt { get; init; }
    public DateTime? LastHealthCheck { get; init; }
    public string? HealthStatus { get; init; }
    public string? ErrorMessage { get; init; }
    public int? RetryCount { get; init; } = 0;
    public decimal? MonthlyCostUsd { get; init; }
    public int CpuCount { get; init; } = 2;
    public int MemoryMb { get; init; } = 512;
    public DateTime CreatedAt { get; init; }
    public DateTime UpdatedAt { get; init; }
    public DateTime? DeletedAt { get; init; }

    /// <summary>As written by the trigger or the synchronisation; the subscription decides what counts.</summary>
    public string Tier { get; init; } = "free";

    public string? MachineId { get; init; }
    public long Generation { get; init; } = 1;
    public long ObservedGeneration { get; init; }
    public string Conditions { get; init; } = "[]";
    public string ControllerState { get; init; } = "{}";
    public long Fingerprint { get; init; }
    public string? Spec { get; init; }
    public bool Paused { get; init; }
    public string? PauseOwner { get; init; }
    public string? PauseReason { get; init; }
    public DateTime? PausedUntil { get; init; }
    public DateTime? NextAttemptAt { get; init; }
    public string? LastErrorClass { get; init; }

    internal bool Buried => DeletedAt is not null || Status == "deleted";

    public bool PausedAt(DateTime now) => Paused && (PausedUntil is null || PausedUntil > now);
}
