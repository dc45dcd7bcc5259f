using System.Diagnostics;
using System.Text;

namespace Simulation.Mutants;

/// <summary>Runs other programs and takes down what they say.</summary>
internal static class Shell
{
    /// <summary>What stands for an exit code when the program was ended because it took too long.</summary>
    public const int TooLong = 124;

    public static (int Code, string Output) Run(string program, IEnumerable<string> arguments, string folder, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // a node that stays would hold the output pipe open

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started");
        var output = new StringBuilder();
        var gate = new Lock();
        DataReceivedEventHandler take = (_, line) =>
        {
            lock (gate)
            {
                output.Append(line.Data).Append('\n');
            }
        };
        process.OutputDataReceived += take;
        process.ErrorDataReceived += take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            return (TooLong, $"it did not end within {limit}");
        }

        process.WaitForExit(TimeSpan.FromSeconds(5)); // for the last lines
        lock (gate)
        {
            return (process.ExitCode, output.ToString());
        }
    }
}
