namespace Store.Tests;

internal static class Writes
{
    /// <summary>A status that says what the row says already, observed up to date.</summary>
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
        Fingerprint = user.Fingerprint,
        NextAttemptAt = user.NextAttemptAt,
        LastErrorClass = user.LastErrorClass,
    };

    public static EventWrite Event(string type = "provision_completed") => new(type, "active", """{"reason":"Test"}""", null);
}
