using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>Which guests Fly accepts (Fly's machine-sizing guide): checked here, so that a wrong one never reaches a call.</summary>
public static class GuestRules
{
    public const string Shared = "shared";
    public const string Performance = "performance";
    public const int SharedMinMbPerCpu = 256;
    public const int PerformanceMinMbPerCpu = 2048;

    private const int SharedMaxMbPerCpu = 2048;
    private const int PerformanceMaxMbPerCpu = 8192;
    private const int PerformanceStepMb = 1024;

    /// <summary>What Fly would refuse, and what it would take instead; null = fine.</summary>
    public static string? Problem(Guest guest) => guest.CpuKind switch
    {
        Shared when guest.Cpus is not (1 or 2 or 4 or 6 or 8) => "a shared guest has 1, 2, 4, 6 or 8 CPUs",
        Shared => MemoryProblem(guest, SharedMinMbPerCpu, SharedMinMbPerCpu, SharedMaxMbPerCpu),
        Performance when guest.Cpus is not 1 && (guest.Cpus is < 2 or > 16 || guest.Cpus % 2 != 0) =>
            "a performance guest has 1, 2, 4, 6, 8, 10, 12, 14 or 16 CPUs",
        Performance => MemoryProblem(guest, PerformanceStepMb, PerformanceMinMbPerCpu, PerformanceMaxMbPerCpu),
        _ => "the CPU kind is shared or performance",
    };

    private static string? MemoryProblem(Guest guest, int stepMb, int minMbPerCpu, int maxMbPerCpu)
    {
        var (min, max) = (guest.Cpus * minMbPerCpu, guest.Cpus * maxMbPerCpu);
        return guest.MemoryMb < min || guest.MemoryMb > max || guest.MemoryMb % stepMb != 0
            ? $"{guest.Cpus} {guest.CpuKind} CPUs take {min} to {max} MB in steps of {stepMb} MB"
            : null;
    }
}
