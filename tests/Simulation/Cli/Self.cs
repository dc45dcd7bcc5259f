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

        return start;
    }
}
