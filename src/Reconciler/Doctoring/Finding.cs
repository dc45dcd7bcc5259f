using Store;

namespace Reconciler.Doctoring;

internal enum FindingLevel
{
    Ok,
    Warning,
    Failed,
}

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Fix">What to do; null when nothing has to be done.</param>
internal sealed record Finding(string Check, FindingLevel Level, string What, string? Fix)
{
    public static Finding From(StoreCheck check) => new(
        "database: " + check.Name,
        check.Outcome switch
        {
            StoreCheckOutcome.Ok => FindingLevel.Ok,
            StoreCheckOutcome.Warning => FindingLevel.Warning,
            _ => FindingLevel.Failed,
        },
        check.Finding,
        check.Fix);
}
