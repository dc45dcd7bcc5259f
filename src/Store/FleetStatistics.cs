namespace Store;

/// <summary>The fleet in numbers, for metrics: a read that decides nothing, and so is no part of <see cref="IStore"/>.</summary>
public interface IFleetStatistics
{
    /// <summary>One SELECT over every live row. Its size does not depend on the fleet's.</summary>
    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    Task<FleetStatistics> ReadAsync(CancellationToken cancellationToken);
}

/// <param name="States">Users by status and by the reason of their Ready condition.</param>
/// <param name="Images">Users by the digest of the image that was last proven good for them, most users first.</param>
/// <param name="Secrets">The same by the keyed digest of their secrets.</param>
/// <param name="MonthlyCostUsd">The sum of the estimates in the rows, US dollars.</param>
public sealed record FleetStatistics(
    IReadOnlyList<StateCount> States, IReadOnlyList<DigestCount> Images, IReadOnlyList<DigestCount> Secrets, decimal MonthlyCostUsd);

/// <param name="Status"><c>user_fly_apps.status</c>.</param>
/// <param name="Reason">As it stands in the row, which others can write; null when there is no Ready condition.</param>
public sealed record StateCount(string Status, string? Reason, int Users);

/// <param name="Digest">Null for users of whom none is remembered.</param>
public sealed record DigestCount(string? Digest, int Users);
