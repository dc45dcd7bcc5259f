using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>What a machine costs; an estimate for the admin page, not a bill.</summary>
public static class CostEstimate
{
    /// <returns>US dollars per month, rounded to cents.</returns>
    public static decimal MonthlyUsd(Guest guest, string region, PriceTable prices)
    {
        var performance = guest.CpuKind == GuestRules.Performance;
        var perCpu = performance ? prices.PerPerformanceCpu : prices.PerSharedCpu;
        var includedMb = guest.Cpus * (performance ? GuestRules.PerformanceMinMbPerCpu : GuestRules.SharedMinMbPerCpu);
        var extraGb = Math.Max(0, guest.MemoryMb - includedMb) / 1024m;
        var markup = prices.RegionMarkup.GetValueOrDefault(region, 1m);
        return decimal.Round(((guest.Cpus * perCpu) + (extraGb * prices.PerGbExtra)) * markup, 2, MidpointRounding.AwayFromZero);
    }
}
