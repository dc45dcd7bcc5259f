using Microsoft.Extensions.Logging;

namespace Store;

/// <summary>What the store says. Event ids 700-799; an id, once released, keeps its meaning.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(700, LogLevel.Warning, "The LISTEN connection is down ({Reason}); next attempt in {Delay}")]
    public static partial void ListenDown(ILogger logger, string reason, TimeSpan delay);

    [LoggerMessage(701, LogLevel.Information, "Listening for changes of desired state")]
    public static partial void Listening(ILogger logger);

    [LoggerMessage(702, LogLevel.Information, "LISTEN is unavailable through a transaction pooler; changes are found by polling")]
    public static partial void ListenUnavailable(ILogger logger);

    [LoggerMessage(703, LogLevel.Warning, "The tier of user {UserId} could not be synchronised: {Problem}")]
    public static partial void TierNotSynchronised(ILogger logger, Guid userId, string problem);

    [LoggerMessage(704, LogLevel.Warning, "The status of user {UserId} was rejected: {Problem}")]
    public static partial void StatusRejected(ILogger logger, Guid userId, string problem);
}
