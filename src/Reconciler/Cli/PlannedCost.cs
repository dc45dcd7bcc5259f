using FlyApi.Contracts;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Cli;

/// <summary>What a user's machines cost; an estimate in US dollars per month, not a bill.</summary>
internal sealed record PlannedCost(decimal MonthlyUsdNow, decimal MonthlyUsdThen)
{
    public static PlannedCost Unknown { get; } = new(0, 0);

    /// <summary>Now: whatever runs, in its own region and size, duplicates included. Then: the one machine that is wished.</summary>
    public static PlannedCost Of(Snapshot snapshot, PriceTable prices)
    {
        var now = snapshot.Observed.Machines
            .Where(m => m.State == MachineStates.Started && m.Config?.Guest is not null)
            .Sum(m => CostEstimate.MonthlyUsd(m.Config!.Guest!, m.Region ?? snapshot.Policy.Region, prices));
        var then = snapshot.Desired is { Phase: Phase.Run, Machine: { } wish } ? CostEstimate.MonthlyUsd(wish.Guest, wish.Region, prices) : 0;
        return new(now, then);
    }
}
