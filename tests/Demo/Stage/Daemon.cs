using System.Diagnostics;

namespace Demo.Stage;

/// <summary>The daemon as a running process; its log goes to a file.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly StreamWriter _log;
    private readonly Task _logging;

    private Daemon(Process process, Watchdog watchdog, string logFile)
    {
        _process = process;
        _watchdog = watchdog;
        // Shared for reading: the story searches it, and people tail it.
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        _logging = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    public int ProcessId => _process.Id;

    public bool HasEnded => _process.HasExited;

    public static Daemon Start(
        ReconcilerProgram program, IReadOnlyDictionary<string, string> environment, Watchdog watchdog, string logFile)
    {
        var process = program.Start(environment, "run");
        watchdog.Watch(process.Id);
        return new Daemon(process, watchdog, logFile);
    }

    /// <summary>Asks it to stop as a supervisor does, and returns its exit code.</summary>
    /// <exception cref="TimeoutException">It had to be killed.</exception>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
            using var limit = new CancellationTokenSource(StopLimit);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                throw new TimeoutException($"the daemon did not stop within {StopLimit.TotalSeconds} s of SIGTERM and was killed");
            }
        }

        await _logging;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (TimeoutException)
        {
            // It is gone now, which is all that is wanted here; the story checks that it stops by itself.
        }

        _watchdog.Forget(_process.Id);
        await _log.DisposeAsync();
        _process.Dispose();
    }

    private async Task CopyAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_log)
            {
                _log.WriteLine(line);
            }
        }
    }
}
