namespace Reconciler.Telemetry;

/// <summary>What applying a plan says. Event ids 300-399; an id, once released, keeps its meaning.</summary>
internal static partial class ApplyLog
{
    [LoggerMessage(300, LogLevel.Information, "Done {Step} for {App} (user {UserId}) because {Reason}")]
    public static partial void StepDone(ILogger logger, string step, string app, Guid userId, string reason);
}
