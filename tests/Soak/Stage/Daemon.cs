using System.Diagnostics;

namespace Soak.Stage;

/// <summary>The daemon as a running process; what it says goes to a file that outlives it.</summary>
internal sealed class Daemon : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Task _logging;
    private Uri? _address;

    public Daemon(Process process, string logFile)
    {
        _process = process;
        _log = new StreamWriter(new FileStream(logFile, FileMode.Append, FileAccess.Write, FileShare.ReadWrite));
        _logging = Task.WhenAll(CopyAsync(process.StandardOutput), CopyAsync(process.StandardError));
    }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Where its probes and metrics answer, once it said so.</summary>
    public Uri? Address => Volatile.Read(ref _address);

    /// <summary>As <c>kill -9</c>: nothing is tidied up.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        await _logging;
    }

    /// <summary>As a supervisor asks a program to end; returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await Signals.TerminateAsync(ProcessId);
        using var limit = new CancellationTokenSource(EndLimit);
        await _process.WaitForExitAsync(limit.Token);
        await _logging;
        return _process.ExitCode;
    }

    /// <summary>Frozen, as by a host that is out of memory or a debugger: nothing runs, and no time passes for it.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        await Signals.StopAsync(ProcessId);
        await Task.Delay(time);
        await Signals.ContinueAsync(ProcessId);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
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
                _log.Flush();
            }

            if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
            {
                var address = line[(at + Listening.Length)..];
                Volatile.Write(ref _address, new Uri(address[..address.IndexOf('"', StringComparison.Ordinal)]));
            }
        }
    }
}
