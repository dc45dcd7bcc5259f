namespace Reconciler.Telemetry;

/// <summary>
/// Changes log levels while the daemon runs: the container's file system may be read-only and a restart would lose what is to be
/// looked at, but the folder of the signal file is there and <c>fly ssh console</c> can write to it. Without the file, levels are as configured.
/// </summary>
internal sealed class LogLevelFile(string path, LogLevels levels, TimeProvider time, ILogger<LogLevelFile> logger) : BackgroundService
{
    public const string PathVariable = "RECONCILER_LOG_LEVELS_FILE";
    public const string DefaultPath = "/tmp/fly-reconciler/log-levels";

    private const int MostBytes = 16 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private string _text = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (true)
        {
            Look();
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private void Look()
    {
        var text = Read();
        if (text == _text)
        {
            return;
        }

        _text = text;
        var given = LogLevels.Parse(text, out var problems);
        levels.Replace(given);
        HostLog.LogLevelsChanged(logger, given.Count == 0 ? "(none given)" : string.Join(", ", given.Select(static g => $"{g.Key}={g.Value}")));
        if (problems.Count > 0)
        {
            HostLog.LogLevelLinesIgnored(logger, path, string.Join(", ", problems));
        }
    }

    /// <summary>Empty when there is no file; what was read last while it cannot be read, as in the middle of a write.</summary>
    private string Read()
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? "" : file.Length <= MostBytes ? File.ReadAllText(path) : _text;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return _text;
        }
    }
}
