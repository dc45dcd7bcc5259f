using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>What a plan found different, in a closed set of words: the fields that we own, and what is missing as a whole.</summary>
internal static class DriftKind
{
    public static IReadOnlyList<string> All { get; } =
    [
        "image", "guest", "region", "env", "checks", "restart", "auto_destroy", "services", "secrets", "metadata", "app", "machine", "power",
        "duplicate", "address", "other",
    ];

    public static string[] Of(Plan plan) => Whole(plan.Reason) is { } whole
        ? [whole]
        : [.. plan.Drifts.Select(static d => Field(d.Field)).Distinct(StringComparer.Ordinal)];

    private static string? Whole(string reason) => reason switch
    {
        Reasons.AppMissing => "app",
        Reasons.MachineMissing => "machine",
        Reasons.MachineStopped => "power",
        Reasons.DuplicateMachine => "duplicate",
        Reasons.AddressMissing => "address",
        Reasons.MetadataDrift => "metadata",
        Reasons.SecretsTampered => "secrets",
        _ => null,
    };

    private static string Field(string field)
    {
        var root = field.Split('.', 2)[0];
        return All.Contains(root, StringComparer.Ordinal) ? root : "other";
    }
}
