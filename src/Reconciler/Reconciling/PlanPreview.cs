using FlyApi;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Reconciling;

/// <summary>What the loop would do for a user now: the same observation and the same planner, without the rest of it.</summary>
/// <param name="Snapshot">As far as it could be observed.</param>
/// <param name="Plan">Null when Fly could not be read.</param>
/// <param name="Problem">Why not; null with a plan.</param>
internal sealed record PlanPreview(Snapshot Snapshot, Plan? Plan, FlyApiException? Problem)
{
    public static async Task<PlanPreview> OfAsync(SnapshotReader snapshots, UserApp user, CancellationToken cancellationToken)
    {
        var snapshot = await snapshots.BeginAsync(user, forced: false, cancellationToken);
        try
        {
            snapshot = await snapshots.CompleteAsync(snapshot, deep: true, cancellationToken);
            return new PlanPreview(snapshot, Planner.Plan(snapshot), null);
        }
        catch (FlyApiException exception)
        {
            return new PlanPreview(snapshot, null, exception);
        }
    }
}
