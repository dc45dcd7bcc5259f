using Store;

namespace Reconciler.Model;

/// <summary>Everything the planner may look at, and the instant. Same snapshot, same plan.</summary>
public sealed record Snapshot(
    UserApp User, DesiredApp Desired, ObservedApp Observed, AppMemory Memory, FleetPolicy Policy, FleetGuards Guards, DateTimeOffset Now)
{
    /// <summary>How long ago a create was asked for: the database's clock at both ends, because ours may have jumped meanwhile, and
    /// whoever asked may have had another.</summary>
    public TimeSpan AgeOf(CreateIntent intent) => User.ReadAt > intent.CreatedAt ? User.ReadAt - intent.CreatedAt : TimeSpan.Zero;
}

/// <summary>The fleet-wide limits as they stand now.</summary>
/// <param name="DestroysLeft">Destructions left in this hour's budget.</param>
/// <param name="Hold">Why nothing may be stopped or destroyed at all (the shrink tripwire); null = no hold.</param>
/// <param name="Forced">An operator forced this reconcile.</param>
public sealed record FleetGuards(int DestroysLeft, string? Hold, bool Forced)
{
    /// <summary>An operator approved this very plan: its destructions are counted, and the budget does not refuse them.</summary>
    public bool Approved { get; init; }
}
