namespace Reconciler.Telemetry;

/// <summary>What a reconcile says. Event ids 400-499.</summary>
internal static partial class ReconcileLog
{
    [LoggerMessage(400, LogLevel.Information, "Reconciled {App} (user {UserId}): {Outcome} {Reason}: {Message}")]
    public static partial void Changed(ILogger logger, string app, Guid userId, string outcome, string reason, string message);

    [LoggerMessage(401, LogLevel.Warning, "Reconcile of {App} (user {UserId}) failed in {Step}, try {Attempt}, next in {Delay}: {Reason}: {Message} (fly-request-id {FlyRequestId})")]
    public static partial void Failed(
        ILogger logger, string app, Guid userId, string step, int attempt, TimeSpan delay, string reason, string message, string? flyRequestId);

    [LoggerMessage(402, LogLevel.Error, "Reconcile of user {UserId} threw; only this user waits, {Delay}")]
    public static partial void Threw(ILogger logger, Guid userId, TimeSpan delay, Exception exception);

    [LoggerMessage(403, LogLevel.Debug, "Reconciled {App} (user {UserId}): {Outcome} {Reason}")]
    public static partial void Unchanged(ILogger logger, string app, Guid userId, string outcome, string reason);

    [LoggerMessage(404, LogLevel.Information, "Observe mode: would {Step} for {App} because {Reason}")]
    public static partial void WouldDo(ILogger logger, string step, string app, string reason);

    [LoggerMessage(405, LogLevel.Warning, "What a guard held back for {App} (user {UserId}), plan {PlanHash}, is done now: approved by {Owner}: {Why}")]
    public static partial void Approved(ILogger logger, string app, Guid userId, string planHash, string owner, string why);
}
