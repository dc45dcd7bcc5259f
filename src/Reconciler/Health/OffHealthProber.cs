using Reconciler.Model;

namespace Reconciler.Health;

/// <summary>For a controller that is not on the machines' network: nothing is asked and nothing is claimed.</summary>
public sealed class OffHealthProber : IHealthProber
{
    public Task<HealthProbe> ProbeAsync(string appName, string machineId, Guid userId, CancellationToken cancellationToken) =>
        Task.FromResult(HealthProbe.Unreachable);
}
