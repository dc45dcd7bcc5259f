namespace StoreModel;

/// <summary>The row of <c>fly_reconciler.rollout</c>.</summary>
public sealed record RolloutRow(long Version, string Stable, string? Candidate, string State)
{
    internal const string Key = "rollout";
}
