using Store;

namespace Reconciler.Reporting;

/// <summary>The row as it stands, for a reconcile that did not see the app: nothing it knows is given up. It counts as observed, and
/// as different, so that the next pass over the fleet looks at it again.</summary>
internal static class KeptStatus
{
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
        ObservedGeneration = user.Generation,
        Conditions = user.Conditions,
        ControllerState = user.ControllerState,
        Fingerprint = 0,
        NextAttemptAt = null,
        LastErrorClass = null,
        Events = [],
    };
}
