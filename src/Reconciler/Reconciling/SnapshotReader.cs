using Reconciler.Guarding;
using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Observing;
using Store;

namespace Reconciler.Reconciling;

/// <summary>Observe: joins row, policy, guards and what Fly says into the planner's one input. The loop and <c>plan</c> share it.</summary>
internal sealed class SnapshotReader(
    AppObserver observer, IPolicySource policies, IImageCatalog images, IFleetGuard guard, TimeProvider time)
{
    /// <summary>What is remembered of apps whose row is gone.</summary>
    public OrphanMemory Orphans { get; } = new();

    /// <summary>Everything but Fly.</summary>
    public async Task<Snapshot> BeginAsync(UserApp user, bool forced, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var policy = policies.Current;
        var memory = Orphans.Of(user, now);
        var desired = DesiredBuilder.Build(user, memory, policy, images, now);
        if (user.Spec is not null && await images.LookUpNewAsync(cancellationToken))
        {
            desired = DesiredBuilder.Build(user, memory, policy, images, now);
        }

        var guards = await guard.ReadAsync(forced, afresh: !user.Entitled, cancellationToken);
        return new Snapshot(user, desired, ObservedApp.Unclaimed, memory, policy, guards, now);
    }

    /// <exception cref="FlyApi.FlyApiException">Fly could not be read; there is no half snapshot.</exception>
    public async Task<Snapshot> CompleteAsync(Snapshot begun, bool deep, CancellationToken cancellationToken)
    {
        var observed = await observer.ObserveAsync(begun.User, begun.Memory, begun.Desired, begun.Policy, deep, cancellationToken);
        return begun with { Observed = observed, Now = time.GetUtcNow() };
    }
}
