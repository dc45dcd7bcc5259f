using Reconciler.Model;

namespace Reconciler.Guarding;

/// <summary>The limits that protect the fleet from a wrong input.</summary>
internal interface IFleetGuard
{
    /// <summary>The guards as they stand now, from the database; at most a few seconds old.</summary>
    Task<FleetGuards> ReadAsync(bool forced, CancellationToken cancellationToken);

    /// <summary>Destructions allowed per hour: the larger of the count and the share of the fleet.</summary>
    Task<int> DestroyLimitAsync(CancellationToken cancellationToken);
}
