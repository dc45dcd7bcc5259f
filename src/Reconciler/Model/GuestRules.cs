using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>Which guests Fly accepts (Fly's machine-sizing guide): checked here, so that a wrong one never reaches a call.</summary>
public static class GuestRules
{
    /// <summary>What is wrong with a guest and what is allowed; null when Fly takes it.</summary>
    public static string? Problem(Guest guest) => guest.CpuKind switch
    {
        "shared" => Check(guest, [1, 2, 4, 6, 8], step: 256, minimum: 256, maximum: 2048),
        "performance" => Check(guest, [1, 2, 4, 6, 8, 10, 12, 14, 16], step: 1024, minimum: 2048, maximum: 8192),
        _ => "the CPU kind must be shared or performance",
    };

    private static string? Check(Guest guest, int[] cpus, int step, int minimum, int maximum)
    {
        if (!cpus.Contains(guest.Cpus))
        {
            return $"{guest.CpuKind} guests have {string.Join(", ", cpus)} CPUs, not {guest.Cpus}";
        }

        var (low, high) = (minimum * guest.Cpus, maximum * guest.Cpus);
        return guest.MemoryMb % step != 0 || guest.MemoryMb < low || guest.MemoryMb > high
            ? $"{guest.Cpus} {guest.CpuKind} CPUs take {low} to {high} MB in steps of {step}, not {guest.MemoryMb}"
            : null;
    }
}
