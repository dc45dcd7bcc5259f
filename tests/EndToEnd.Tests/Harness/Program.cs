using System.Collections.Concurrent;
using System.Diagnostics;

namespace EndToEnd.Tests.Harness;

/// <summary>One process of the product, with everything it printed. Killed when the test ends, and when the test run itself is killed.</summary>
internal sealed class Program : IDisposable
{
    private static readonly string Executable = ReconcilerBinary.Path;
    private static readonly Lazy<string> Living = new(WatchOverThisProcess);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Program(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["NO_COLOR"] = "1";
        info.Environment["DOTNET_TieredPGO"] = "0"; // these processes live for seconds: instrumenting them only costs time
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        _process = new Process { StartInfo = info };
        _process.OutputDataReceived += (_, e) => Heard(e.Data, _output);
        _process.ErrorDataReceived += (_, e) => Heard(e.Data, null);
        _process.Start();
        File.AppendAllText(Living.Value, $"{_process.Id}\n");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Standard output and error, as they came.</summary>
    public string Text => string.Join('\n', _lines);

    /// <summary>Standard output alone.</summary>
    public string Output => string.Join('\n', _output);

    public bool HasExited => _process.HasExited;

    /// <summary>Where its probes and metrics answer, once it said so.</summary>
    public Uri? Address => _address.Task.IsCompletedSuccessfully ? _address.Task.Result : null;

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the process did not end by itself:\n{Text}");
        }

        return _process.ExitCode;
    }

    /// <summary>As <c>kill -9</c>: nothing is tidied up.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>As the platform asks a program to end; returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private void Heard(string? line, ConcurrentQueue<string>? also)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        also?.Enqueue(line);
        const string Listening = "Now listening on: ";
        if (line.IndexOf(Listening, StringComparison.Ordinal) is var at and >= 0)
        {
            var address = line[(at + Listening.Length)..];
            _address.TrySetResult(new Uri(address[..address.IndexOf('"', StringComparison.Ordinal)]));
        }
    }

    /// <summary>A killed test process cannot kill its daemons: a shell waits for its end and does.</summary>
    private static string WatchOverThisProcess()
    {
        var file = Path.GetTempFileName();
        var script = $"""
            trap '' INT TERM HUP
            while [ -d /proc/{Environment.ProcessId} ]; do sleep 1; done
            while read -r pid; do
              case "$(readlink /proc/$pid/exe)" in '{Executable}') kill -9 $pid;; esac
            done < '{file}'
            rm -f '{file}'
            """;
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        });
        return file;
    }
}
