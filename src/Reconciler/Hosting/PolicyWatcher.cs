using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Reconciling;
using Reconciler.Secrets;
using Reconciler.Telemetry;

namespace Reconciler.Hosting;

/// <summary>Keeps the fleet policy current: the image's digest, the service key's verdict. Runs on leader and standby alike.</summary>
internal sealed class PolicyWatcher(
    Func<FleetPolicy> build, IImageCatalog images, ISecretSource secrets, TimeSpan imageInterval, TimeProvider time, ILogger<PolicyWatcher> logger)
    : IPolicySource
{
    /// <summary>A good key is looked at again once an hour, a bad one every minute.</summary>
    private static readonly TimeSpan GoodKeyInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan BadKeyInterval = TimeSpan.FromMinutes(1);

    private FleetPolicy? _current;

    /// <summary>Raised when what users should have has changed.</summary>
    public event Action? Changed;

    public FleetPolicy Current => Volatile.Read(ref _current) ?? Rebuild();

    public DateTimeOffset LastTurn { get; private set; }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var image = await images.RefreshAsync(cancellationToken);
        var key = await secrets.RefreshAsync(cancellationToken);
        Publish(image || key);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var nextKey = time.GetUtcNow() + Interval();
        while (true)
        {
            LastTurn = time.GetUtcNow();
            await Task.Delay(imageInterval, time, cancellationToken);
            var changed = await images.RefreshAsync(cancellationToken);
            if (time.GetUtcNow() >= nextKey)
            {
                changed |= await secrets.RefreshAsync(cancellationToken);
                nextKey = time.GetUtcNow() + Interval();
            }

            Publish(changed);
        }
    }

    private TimeSpan Interval() => secrets.Status.Usable ? GoodKeyInterval : BadKeyInterval;

    private void Publish(bool changed)
    {
        var policy = Rebuild();
        if (changed)
        {
            HostLog.PolicyChanged(logger, policy.Image.Label, policy.Image.Problem, policy.Secrets.Digest, policy.Secrets.Problem);
            Changed?.Invoke();
        }
    }

    private FleetPolicy Rebuild()
    {
        var policy = build();
        Volatile.Write(ref _current, policy);
        return policy;
    }
}
