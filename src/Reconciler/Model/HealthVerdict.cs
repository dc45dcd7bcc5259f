namespace Reconciler.Model;

public enum HealthState
{
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>What the machine's check and its own answer say together.</summary>
/// <param name="Message">Why, for a person; stable while the situation is.</param>
/// <param name="IsSomebodyElse">The machine says that it works in another run mode or for another user.</param>
public sealed record HealthVerdict(HealthState State, string Message, bool IsSomebodyElse = false)
{
    public static HealthVerdict NotRunning { get; } = new(HealthState.Unknown, "no running machine");
}
