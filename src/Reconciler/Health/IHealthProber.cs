using Reconciler.Model;

namespace Reconciler.Health;

/// <summary>Asks a machine's own <c>/health</c> who it thinks it is.</summary>
public interface IHealthProber
{
    /// <summary>Never throws for the network's trouble: that is <see cref="HealthProbe.Unreachable"/>.</summary>
    Task<HealthProbe> ProbeAsync(string appName, string machineId, Guid userId, CancellationToken cancellationToken);
}
