using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Reads a guest as people write it (<c>shared-cpu-2x:512MB</c>).</summary>
public static class GuestText
{
    public const string Example = "a guest such as shared-cpu-2x:512MB or performance-1x:2GB";

    /// <summary>Reads kind, CPUs and memory; without a memory it is the least that the CPUs allow. Fly's rules are not applied.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Guest? guest)
    {
        guest = null;
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        if (parts.Length > 2 || !TryParseSize(parts[0], out var kind, out var cpus))
        {
            return false;
        }

        var memoryMb = cpus * (kind == GuestRules.Shared ? GuestRules.SharedMinMbPerCpu : GuestRules.PerformanceMinMbPerCpu);
        if (parts.Length == 2 && !TryParseMemory(parts[1], out memoryMb))
        {
            return false;
        }

        guest = new Guest(kind, cpus, memoryMb);
        return true;
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
            "shared-cpu" or "shared" => GuestRules.Shared,
            "performance-cpu" or "performance" => GuestRules.Performance,
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
