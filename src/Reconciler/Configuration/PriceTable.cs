namespace Reconciler.Configuration;

/// <summary>
/// US dollars per month (30 days) of a machine that is always started. The defaults are Fly's prices of 2026 in its base
/// regions: shared-cpu-1x with 256 MB 2.02, performance-1x with 2 GB 32.19, and about 5 for each further GB.
/// </summary>
public sealed record PriceTable
{
    /// <summary>One shared CPU with the 256 MB that its preset includes.</summary>
    public decimal PerSharedCpu { get; init; } = 2.02m;

    /// <summary>One performance CPU with the 2,048 MB that its preset includes.</summary>
    public decimal PerPerformanceCpu { get; init; } = 32.19m;

    /// <summary>Each 1,024 MB beyond what the CPUs include.</summary>
    public decimal PerGbExtra { get; init; } = 5.00m;

    /// <summary>Factor by region; a region that is not named costs the base price. <c>sjc</c>: Fly's docs quote 2.32 for what is 2.02 elsewhere.</summary>
    public IReadOnlyDictionary<string, decimal> RegionMarkup { get; init; } =
        new SortedDictionary<string, decimal>(StringComparer.Ordinal) { ["sjc"] = 1.15m };
}
