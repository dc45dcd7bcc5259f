using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Rollouts;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>One pass over every user: one SELECT against the view of Fly that is there already. Enqueues who differs.</summary>
internal sealed class FleetPass(
    IStore store, FleetView view, IPolicySource policies, RevisionBook revisions, ConvergenceLedger ledger, ILogger<FleetPass> logger)
{
    /// <summary>What the last pass counted; null before the first.</summary>
    public FleetCount? Last { get; private set; }

    public async Task<IReadOnlyList<Difference>> FindAsync(CancellationToken cancellationToken)
    {
        var summaries = await store.ReadSummariesAsync(cancellationToken);
        ledger.Index(summaries);
        var wishes = await WishesAsync(summaries, policies.Current, cancellationToken);
        var differences = view.Read(apps => FleetDiffer.Differences(summaries, apps, view.IsComplete, wishes).ToList());
        Last = FleetCount.Of(summaries, differences.Count);
        InformerLog.Passed(logger, summaries.Count, differences.Count);
        return differences;
    }

    public async Task EnqueueAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        foreach (var difference in await FindAsync(cancellationToken))
        {
            queue.Add(difference.UserId, difference.Priority, AddKind.Hint);
        }
    }

    private async Task<Dictionary<WishKey, string>> WishesAsync(
        IReadOnlyList<AppSummary> summaries, FleetPolicy current, CancellationToken cancellationToken)
    {
        var wishes = new Dictionary<WishKey, string>();
        foreach (var revision in summaries.Select(s => s.Revision).Distinct())
        {
            var policy = await revisions.ForAsync(current, revision, cancellationToken);
            foreach (var tier in policy.Guests.Keys)
            {
                if (DesiredBuilder.TierSpec(tier, policy) is { } spec)
                {
                    wishes[new WishKey(tier, revision)] = Fingerprint.RunningWish(spec.Hash, policy);
                }
            }
        }

        return wishes;
    }
}

/// <summary>The fleet in numbers, as the last pass saw it.</summary>
internal sealed record FleetCount(int Rows, int Run, int Live, int Differing)
{
    public static FleetCount Of(IReadOnlyList<AppSummary> summaries, int differing)
    {
        var (run, live) = (0, 0);
        var rows = 0;
        foreach (var summary in summaries)
        {
            if (summary.Former)
            {
                continue;
            }

            rows++;
            run += summary.Run ? 1 : 0;
            live += summary.Live ? 1 : 0;
        }

        return new(rows, run, live, differing);
    }
}
