using System.Text.Json;
using Reconciler.Signals;

namespace Reconciler.Cli;

/// <summary><c>force</c>: writes the signal file, and waits for the answer when asked to.</summary>
internal static class ForceCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(IReadOnlyList<string> users, bool wait, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var configuration = CommandContext.ReadConfiguration();
        var path = CommandContext.ReadSettings(configuration).Loops.SignalFile;
        var result = path + ".result";
        var before = Stamp(result);
        try
        {
            await new SignalWriter(path, TimeProvider.System).WriteAsync(users, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Out.ErrorAsync($"The signal file {path} cannot be written: {exception.Message}");
            return ExitCodes.BadConfiguration;
        }

        Out.Line($"Forced {(users.Count == 0 ? "everyone" : string.Join(", ", users))} through {path}.");
        return wait ? await WaitAsync(result, before, timeout, cancellationToken) : ExitCodes.Fine;
    }

    private static async Task<int> WaitAsync(string path, DateTime before, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < timeout)
        {
            if (Stamp(path) != before && File.Exists(path) && await ReadAsync(path, cancellationToken) is { FinishedAt: not null } result)
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(result, SignalJson.Default.SignalResult)); // not the file: it is escaped anew
                return result.Converged ? ExitCodes.Fine : ExitCodes.NotConverged;
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken);
        }

        await Out.ErrorAsync($"No answer in {path} within {timeout:c}: is the daemon running, and does it lead?");
        return ExitCodes.NotConverged;
    }

    /// <summary>Null when it is not whole; it is written by a rename, so that is somebody else's file.</summary>
    private static async Task<SignalResult?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), SignalJson.Default.SignalResult);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTime Stamp(string path) => File.Exists(path) ? File.GetLastWriteTimeUtc(path) : DateTime.MinValue;
}
