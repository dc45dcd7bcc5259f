using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.WebConsole.Fleet;
using Store;

namespace Reconciler.WebConsole.Users;

/// <summary>Everything the page of one user shows.</summary>
internal sealed record UserState
{
    public required UserApp User { get; init; }
    public required CellKind Kind { get; init; }
    public required Trouble Now { get; init; }
    public required PlanPreview Preview { get; init; }

    /// <summary>When Fly was asked for it.</summary>
    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>What a guard holds back; null = nothing.</summary>
    public required HeldPlan? Held { get; init; }
    public required IReadOnlyList<ComparedField> Fields { get; init; }
    public required IReadOnlyList<Condition> Conditions { get; init; }
    public required IReadOnlyList<StoredEvent> Events { get; init; }
    public required IReadOnlyList<StoredEvent> HealthEvents { get; init; }
    public required IReadOnlyList<OperatorAction> Actions { get; init; }

    public Plan? Plan => Preview.Plan;
}
