using System.Diagnostics;

namespace Simulation.Cli;

/// <summary>This very program, to be started again with other words.</summary>
internal static class Self
{
    public static ProcessStartInfo With(IEnumerable<string> arguments, bool redirectOutput = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = redirectOutput };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // A run's garbage is dead at its end: collected in larger portions, and in memory that is kept, two processes at once need a
        // tenth less time for the same seeds. A project file cannot say it, and what the caller has set stays.
        start.Environment.TryAdd("DOTNET_GCgen0size", "4000000"); // hexadecimal: 64 MiB
        start.Environment.TryAdd("DOTNET_GCRetainVM", "1");
        start.Environment.TryAdd("DOTNET_EnableWriteXorExecute", "0");
        return start;
    }
}
