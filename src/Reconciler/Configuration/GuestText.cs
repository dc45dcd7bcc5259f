using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FlyApi.Contracts;

namespace Reconciler.Configuration;

/// <summary>Reads a guest as people write it (<c>shared-cpu-2x:512MB</c>) and knows Fly's rules for guests.</summary>
public static class GuestText
{
    public const string Shared = "shared";
    public const string Performance = "performance";
    public const int SharedMinMbPerCpu = 256;
    public const int PerformanceMinMbPerCpu = 2048;
    public const string Example = "a guest such as shared-cpu-2x:512MB or performance-1x:2GB";

    private const int SharedMaxMbPerCpu = 2048;
    private const int PerformanceMaxMbPerCpu = 8192;
    private const int PerformanceStepMb = 1024;

    /// <summary>Reads kind, CPUs and memory; without a memory it is the least that the CPUs allow. Fly's rules are not applied.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Guest? guest)
    {
        guest = null;
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length > 2 || !TryParseSize(parts[0], out var kind, out var cpus))
        {
            return false;
        }

        var memoryMb = cpus * (kind == Shared ? SharedMinMbPerCpu : PerformanceMinMbPerCpu);
        if (parts.Length == 2 && !TryParseMemory(parts[1], out memoryMb))
        {
            return false;
        }

        guest = new Guest(kind, cpus, memoryMb);
        return true;
    }

    /// <summary>What Fly would refuse, and what it would take instead; null = fine.</summary>
    public static string? FindProblem(Guest guest) => guest.CpuKind switch
    {
        Shared when guest.Cpus is not (1 or 2 or 4 or 6 or 8) => "a shared guest has 1, 2, 4, 6 or 8 CPUs",
        Shared => FindMemoryProblem(guest, SharedMinMbPerCpu, SharedMinMbPerCpu, SharedMaxMbPerCpu),
        Performance when guest.Cpus is not 1 && (guest.Cpus is < 2 or > 16 || guest.Cpus % 2 != 0) =>
            "a performance guest has 1, 2, 4, 6, 8, 10, 12, 14 or 16 CPUs",
        Performance => FindMemoryProblem(guest, PerformanceStepMb, PerformanceMinMbPerCpu, PerformanceMaxMbPerCpu),
        _ => "the CPU kind is shared or performance",
    };

    private static string? FindMemoryProblem(Guest guest, int stepMb, int minMbPerCpu, int maxMbPerCpu)
    {
        var (min, max) = (guest.Cpus * minMbPerCpu, guest.Cpus * maxMbPerCpu);
        return guest.MemoryMb < min || guest.MemoryMb > max || guest.MemoryMb % stepMb != 0
            ? $"{guest.Cpus} {guest.CpuKind} CPUs take {min} to {max} MB in steps of {stepMb} MB"
            : null;
    }

    private static bool TryParseSize(string text, out string kind, out int cpus)
    {
        (kind, cpus) = ("", 0);
        var dash = text.LastIndexOf('-');
        if (dash < 0 || !text.EndsWith('x'))
        {
            return false;
        }

        kind = text[..dash] switch
        {
            "shared-cpu" or "shared" => Shared,
            "performance-cpu" or "performance" => Performance,
            _ => "",
        };
        return kind.Length > 0 && int.TryParse(text.AsSpan(dash + 1)[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out cpus) && cpus is > 0 and <= 128;
    }

    private static bool TryParseMemory(string text, out int memoryMb)
    {
        var upper = text.ToUpperInvariant();
        var factor = upper.EndsWith("GB", StringComparison.Ordinal) ? 1024 : 1;
        var digits = upper.EndsWith("GB", StringComparison.Ordinal) || upper.EndsWith("MB", StringComparison.Ordinal) ? upper[..^2] : upper;
        var parsed = int.TryParse(digits.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 1_048_576;
        memoryMb = parsed ? number * factor : 0;
        return parsed;
    }
}
