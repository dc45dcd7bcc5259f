namespace Reconciler.Model;

public enum HealthState
{
    Unknown,
    Healthy,
    Unhealthy,
}

/// <summary>What the machine's check and its own answer say together.</summary>
/// <param name="Message">Why, for a person; stable while the situation is.</param>
public sealed record HealthVerdict(HealthState State, string Message)
{
    public static HealthVerdict NotRunning { get; } = new(HealthState.Unknown, "no running machine");
}
