using System.Diagnostics;
using System.Globalization;

namespace Probe;

/// <summary>Something that is done again and again and measured each time.</summary>
internal interface IRound
{
    /// <returns>What the round found: differences, rows written, keys handled. The runner checks it.</returns>
    Task<long> RunAsync();
}

/// <summary>Answers each line of standard input with one measured round, and the end of input with the peak of memory.</summary>
internal static class Rounds
{
    public static async Task<int> RunAsync(IRound round)
    {
        Console.Out.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is not null)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            var found = await round.RunAsync();
            var wall = Stopwatch.GetElapsedTime(started);
            var usedCpu = Environment.CpuUsage.TotalTime - cpu;
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{wall.TotalMilliseconds:R} {usedCpu.TotalMilliseconds:R} {GC.GetTotalAllocatedBytes(precise: true) - allocated} {found}"));
        }

        Console.Out.WriteLine(PeakKilobytes());
        return 0;
    }

    /// <summary>The kernel's high-water mark of this process's resident memory.</summary>
    private static string PeakKilobytes()
    {
        var line = File.ReadLines("/proc/self/status").First(static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
    }
}
