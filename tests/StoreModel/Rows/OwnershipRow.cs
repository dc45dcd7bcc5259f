namespace StoreModel;

/// <summary>A row of <c>fly_reconciler.ownership</c>. The status serves apps whose user has no row any more.</summary>
public sealed record OwnershipRow
{
    public required string AppName { get; init; }
    public required Guid UserId { get; init; }
    public required OwnershipOrigin Origin { get; init; }
    public required string OrgSlug { get; init; }
    public string? MachineId { get; init; }
    public required DateTime AcquiredAt { get; init; }
    public DateTime? ReleasedAt { get; init; }
    public string Status { get; init; } = "deprovisioning";
    public string? HealthStatus { get; init; }
    public string? ErrorMessage { get; init; }
    public int RetryCount { get; init; }
    public string Conditions { get; init; } = "[]";
    public string ControllerState { get; init; } = "{}";
    public DateTime? NextAttemptAt { get; init; }
    public string? LastErrorClass { get; init; }

    internal Ownership ToOwnership() => new(AppName, UserId, Origin, AcquiredAt, ReleasedAt, OrgSlug);
}
