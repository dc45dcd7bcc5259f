using Reconciler.Model;
using Reconciler.Reporting;
using Store;

namespace Reconciler.Rollouts;

/// <summary>A user's row, read for a verdict.</summary>
/// <param name="Row">As stored.</param>
/// <param name="Memory">The controller's memory of the app.</param>
/// <param name="Trouble">Why the last reconcile called the user degraded (one of <see cref="Reasons"/>); null = it did not.</param>
internal sealed record UserFacts(RolloutUser Row, AppMemory Memory, string? Trouble)
{
    /// <summary>The machine works, whichever revision it runs.</summary>
    public bool IsUp => Row is { Status: "active", HealthStatus: "healthy" };

    public static UserFacts Of(RolloutUser row, DateTimeOffset now) => new(
        row,
        row.ControllerState is { } memory ? ReportJson.ReadMemory(memory, now) : AppMemory.Empty,
        row.Conditions is { } conditions
            ? ReportJson.ReadConditions(conditions).FirstOrDefault(c => c is { Type: ConditionTypes.Degraded, Status: ConditionStatus.True })?.Reason
            : null);
}
