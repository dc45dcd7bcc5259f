using System.Diagnostics;

namespace Soak.Stage;

/// <summary>A killed run cannot kill its daemons: a shell waits for this process's end and does.</summary>
internal sealed class Undertaker
{
    private readonly Lock _gate = new();
    private readonly string _file = Path.GetTempFileName();

    /// <param name="executable">Only processes that run it are ended: a number may have gone to somebody else meanwhile.</param>
    public Undertaker(string executable)
    {
        var script = $"""
            trap '' INT TERM HUP
            while [ -d /proc/{Environment.ProcessId} ]; do sleep 1; done
            while read -r pid; do
              case "$(readlink /proc/$pid/exe)" in '{executable}') kill -9 $pid;; esac
            done < '{_file}'
            rm -f '{_file}'
            """;
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", script])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        });
    }

    public void Watch(int processId)
    {
        lock (_gate)
        {
            File.AppendAllText(_file, $"{processId}\n");
        }
    }
}
