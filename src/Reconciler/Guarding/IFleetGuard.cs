using Reconciler.Model;

namespace Reconciler.Guarding;

/// <summary>The limits that protect the fleet from a wrong input.</summary>
internal interface IFleetGuard
{
    /// <summary>The guards as they stand, from the database.</summary>
    /// <param name="forced">Passed through to the guards.</param>
    /// <param name="afresh">The reading must begin after this call: for a user who lost the tier, because a census older than that
    /// user's row cannot show that everybody else lost it in the same moment. Otherwise it is at most a few seconds old.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<FleetGuards> ReadAsync(bool forced, bool afresh, CancellationToken cancellationToken);

    /// <summary>Destructions allowed per hour: the larger of the count and the share of the fleet.</summary>
    Task<int> DestroyLimitAsync(CancellationToken cancellationToken);
}
