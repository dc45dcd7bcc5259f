namespace Reconciler.Signals;

/// <summary>What the signal file says. Event ids 600-699; an id, once released, keeps its meaning. Text from outside comes through
/// <see cref="Texts.UntrustedText"/>.</summary>
internal static partial class SignalLog
{
    [LoggerMessage(600, LogLevel.Information, "Reconcile forced by signal {Id}: everyone {Everyone}, {Count} named")]
    public static partial void Received(ILogger logger, string id, bool everyone, int count);

    [LoggerMessage(601, LogLevel.Warning, "Signal {Id} refused: {Problem}; moved to {Rejected}")]
    public static partial void Rejected(ILogger logger, string id, string problem, string rejected);

    [LoggerMessage(602, LogLevel.Error, "Signal {Id} refused: {Problem}; it could not be moved to {Rejected}: {Failure}")]
    public static partial void NotMovedAside(ILogger logger, string id, string problem, string rejected, string failure);

    [LoggerMessage(603, LogLevel.Warning, "The signal file {Path} is of no use: {Problem}; trying on")]
    public static partial void Unusable(ILogger logger, string path, string problem);

    [LoggerMessage(604, LogLevel.Information, "The signal file {Path} is usable again")]
    public static partial void UsableAgain(ILogger logger, string path);

    [LoggerMessage(605, LogLevel.Information, "{Count} signals left by an earlier run are taken up")]
    public static partial void LeftoversFound(ILogger logger, int count);

    [LoggerMessage(606, LogLevel.Warning, "The handled signal {Path} could not be removed: {Failure}; it will be taken up again at the next start")]
    public static partial void NotRemoved(ILogger logger, string path, string failure);

    [LoggerMessage(607, LogLevel.Warning, "The signal result {Path} could not be written: {Failure}")]
    public static partial void ResultNotWritten(ILogger logger, string path, string failure);
}
