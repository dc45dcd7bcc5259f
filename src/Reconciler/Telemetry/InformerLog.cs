namespace Reconciler.Telemetry;

/// <summary>What the informer says. Event ids 200-299.</summary>
internal static partial class InformerLog
{
    [LoggerMessage(200, LogLevel.Warning, "Looking at the fleet failed {Failures} time(s) in a row, next in {Delay}: {Problem}")]
    public static partial void LookFailed(ILogger logger, int failures, TimeSpan delay, string problem);

    [LoggerMessage(201, LogLevel.Warning, "Fly's list misses the regions {Regions}: machines there are unknown, not gone")]
    public static partial void RegionsMissing(ILogger logger, string regions);

    [LoggerMessage(202, LogLevel.Information, "Pass over {Users} users: {Differ} differ")]
    public static partial void Passed(ILogger logger, int users, int differ);
}
