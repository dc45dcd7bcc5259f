namespace Reconciler.Telemetry;

/// <summary>What rollouts say. Event ids 900-999.</summary>
internal static partial class RolloutLog
{
    [LoggerMessage(900, LogLevel.Information, "Rollout {Action} of revision {Revision} by {Owner}: {Message}")]
    public static partial void Entry(ILogger logger, string action, string revision, string owner, string message);
}
