using Store;

namespace Probe;

internal static class StatusRows
{
    /// <summary>What the row says already.</summary>
    public static StatusWrite Of(UserApp user) => new()
    {
        UserId = user.UserId,
        RowId = user.RowId,
        AppName = user.AppName,
        Status = user.Status,
        HealthStatus = user.HealthStatus,
        Region = user.Region,
        DockerImage = user.DockerImage,
        CpuCount = user.CpuCount,
        MemoryMb = user.MemoryMb,
        DeployedAt = user.DeployedAt,
        LastHealthCheck = user.LastHealthCheck,
        ErrorMessage = user.ErrorMessage,
        RetryCount = user.RetryCount,
        MonthlyCostUsd = user.MonthlyCostUsd,
        DeletedAt = user.DeletedAt,
        ObservedGeneration = user.ObservedGeneration,
        Conditions = user.Conditions,
        ControllerState = user.ControllerState,
        Fingerprint = user.Fingerprint,
        NextAttemptAt = user.NextAttemptAt,
        LastErrorClass = user.LastErrorClass,
    };
}
