namespace Reconciler.Telemetry;

/// <summary>What the daemon itself says. Event ids 100-199.</summary>
internal static partial class HostLog
{
    [LoggerMessage(100, LogLevel.Information, "Leading since epoch {Epoch} as {Holder}")]
    public static partial void Leading(ILogger logger, long epoch, string holder);

    [LoggerMessage(101, LogLevel.Information, "Standing by; {Holder} leads")]
    public static partial void StandingBy(ILogger logger, string holder);

    [LoggerMessage(102, LogLevel.Warning, "Leadership of epoch {Epoch} lost: {Why}")]
    public static partial void LeadershipLost(ILogger logger, long epoch, string why);

    [LoggerMessage(103, LogLevel.Warning, "Renewing the lease failed, {Remaining} left: {Problem}")]
    public static partial void RenewFailed(ILogger logger, TimeSpan remaining, string problem);

    [LoggerMessage(104, LogLevel.Information, "Draining: {Processing} reconcile(s) under way, up to {Limit}")]
    public static partial void Draining(ILogger logger, int processing, TimeSpan limit);

    [LoggerMessage(105, LogLevel.Warning, "Drain took longer than {Limit}; what is under way is cut off and found again by the next leader")]
    public static partial void DrainCut(ILogger logger, TimeSpan limit);

    [LoggerMessage(106, LogLevel.Information, "Lease released")]
    public static partial void LeaseReleased(ILogger logger);

    [LoggerMessage(107, LogLevel.Warning, "The database is not available: {Problem}")]
    public static partial void StoreUnavailable(ILogger logger, string problem);

    [LoggerMessage(108, LogLevel.Critical, "The loop {Loop} ended; the process stops so that its supervisor restarts it")]
    public static partial void LoopEnded(ILogger logger, string loop, Exception? exception);

    [LoggerMessage(109, LogLevel.Information, "Repaired the tier of {Count} user(s) that the trigger missed")]
    public static partial void TiersRepaired(ILogger logger, int count);

    [LoggerMessage(110, LogLevel.Information, "The fleet policy changed: image {Image} ({ImageProblem}), secrets {SecretsDigest} ({SecretsProblem})")]
    public static partial void PolicyChanged(ILogger logger, string? image, string? imageProblem, string secretsDigest, string? secretsProblem);

    [LoggerMessage(111, LogLevel.Information, "Forced by the signal file: {Count} user(s), {Unknown} unknown name(s)")]
    public static partial void Forced(ILogger logger, int count, int unknown);

    [LoggerMessage(112, LogLevel.Information, "Mode {Mode}; holder {Holder}; image {Image}; {Workers} workers; port {Port}")]
    public static partial void Started(ILogger logger, string mode, string holder, string image, int workers, int port);

    [LoggerMessage(113, LogLevel.Warning, "{Warning}")]
    public static partial void ConfigurationWarning(ILogger logger, string warning);

    [LoggerMessage(114, LogLevel.Information, "Audit: {Count} user(s) are looked at in full, spread over {Spread}")]
    public static partial void Auditing(ILogger logger, int count, TimeSpan spread);

    [LoggerMessage(115, LogLevel.Error, "The tripwire holds the fleet: {Hold}")]
    public static partial void FleetHeld(ILogger logger, string hold);

    [LoggerMessage(116, LogLevel.Information, "The tripwire's hold has ended; {Count} user(s) are looked at")]
    public static partial void HoldEnded(ILogger logger, int count);

    [LoggerMessage(117, LogLevel.Warning, "Log levels changed at run time: {Levels}; everything else is as configured")]
    public static partial void LogLevelsChanged(ILogger logger, string levels);

    [LoggerMessage(118, LogLevel.Warning, "Lines of {Path} that are no Category=Level are ignored: {Lines}")]
    public static partial void LogLevelLinesIgnored(ILogger logger, string path, string lines);

    [LoggerMessage(119, LogLevel.Warning, "The fleet could not be counted for the metrics")]
    public static partial void CountingFailed(ILogger logger, Exception exception);
}
