using System.Text.Json;

namespace Store;

/// <summary>A user as selected: flat, in the columns' types.</summary>
internal sealed class UserRow
{
    public Guid UserId { get; set; }
    public Guid? RowId { get; set; }
    public string AppName { get; set; } = "";
    public string OrgSlug { get; set; } = "";
    public string Tier { get; set; } = "";
    public string Status { get; set; } = "";
    public string? HealthStatus { get; set; }
    public string Region { get; set; } = "";
    public string DockerImage { get; set; } = "";
    public int CpuCount { get; set; }
    public int MemoryMb { get; set; }
    public DateTime? DeployedAt { get; set; }
    public DateTime? LastHealthCheck { get; set; }
    public string? ErrorMessage { get; set; }
    public int RetryCount { get; set; }
    public decimal? MonthlyCostUsd { get; set; }
    public DateTime? DeletedAt { get; set; }
    public string? MachineId { get; set; }
    public long Generation { get; set; }
    public long ObservedGeneration { get; set; }
    public string Conditions { get; set; } = "";
    public string ControllerState { get; set; } = "";
    public long Fingerprint { get; set; }
    public string? Spec { get; set; }
    public bool Paused { get; set; }
    public string? PauseOwner { get; set; }
    public string? PauseReason { get; set; }
    public DateTime? PausedUntil { get; set; }
    public DateTime? NextAttemptAt { get; set; }
    public string? LastErrorClass { get; set; }
    public string? Origin { get; set; }
    public DateTime? AcquiredAt { get; set; }
    public DateTime? ReleasedAt { get; set; }
    public string? OwnerOrg { get; set; }
    public string? Revision { get; set; }
    public DateTime ReadAt { get; set; }
    public string? FormerApps { get; set; }

    public UserApp ToUserApp(IReadOnlyList<CreateIntent> intents) => new()
    {
        UserId = UserId,
        ReadAt = ReadAt,
        RowId = RowId,
        AppName = AppName,
        OrgSlug = OrgSlug,
        Tier = Tiers.Shared(Tier),
        Status = Status,
        HealthStatus = HealthStatus,
        Region = Region,
        DockerImage = DockerImage,
        CpuCount = CpuCount,
        MemoryMb = MemoryMb,
        DeployedAt = DeployedAt,
        LastHealthCheck = LastHealthCheck,
        ErrorMessage = ErrorMessage,
        RetryCount = RetryCount,
        MonthlyCostUsd = MonthlyCostUsd,
        DeletedAt = DeletedAt,
        MachineId = MachineId,
        Generation = Generation,
        ObservedGeneration = ObservedGeneration,
        Conditions = Conditions,
        ControllerState = ControllerState,
        Fingerprint = Fingerprint,
        Spec = Spec,
        Paused = Paused,
        PauseOwner = PauseOwner,
        PauseReason = PauseReason,
        PausedUntil = PausedUntil,
        NextAttemptAt = NextAttemptAt,
        LastErrorClass = LastErrorClass,
        Ownership = Origin is null ? null : new Ownership(AppName, UserId, Origins.Parse(Origin), AcquiredAt!.Value, ReleasedAt, OwnerOrg),
        Intents = intents,
        FormerApps = FormerApps is null ? [] : JsonSerializer.Deserialize(FormerApps, StoreJson.Default.StringArray)!,
        Revision = Revision,
    };
}
