using System.Diagnostics;
using System.Globalization;

namespace Demo.Stage;

/// <summary>A demo that is killed cannot clean up: this waits for its end, stops what it started and removes its folder.</summary>
internal sealed class Watchdog
{
    private readonly string _pids;

    public Watchdog(string folder)
    {
        _pids = Directory.CreateDirectory(Path.Combine(folder, "pids")).FullName;
        var info = new ProcessStartInfo("sh")
        {
            // Pipes of its own keep it from holding ours open.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add($"""
            trap '' INT TERM HUP
            while kill -0 {Environment.ProcessId} 2>/dev/null; do sleep 1; done
            for pid in '{_pids}'/*; do [ -e "$pid" ] && kill -KILL "$(basename "$pid")" 2>/dev/null; done
            rm -rf '{folder}'
            """);
        using var shell = Process.Start(info) ?? throw new InvalidOperationException("sh did not start");
        shell.StandardInput.Close();
    }

    public void Watch(int processId) => File.WriteAllText(FileOf(processId), "");

    public void Forget(int processId) => File.Delete(FileOf(processId));

    private string FileOf(int processId) => Path.Combine(_pids, processId.ToString(CultureInfo.InvariantCulture));
}
