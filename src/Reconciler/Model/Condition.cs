namespace Reconciler.Model;

public enum ConditionStatus
{
    Unknown,
    False,
    True,
}

/// <summary>One aspect of a user's state, with Kubernetes' meaning.</summary>
/// <param name="Reason">CamelCase word from <see cref="Reasons"/>; what the runbook is indexed by.</param>
/// <param name="LastTransitionTime">When <paramref name="Status"/> last changed; reason and message may change without it.</param>
public sealed record Condition(string Type, ConditionStatus Status, string Reason, string Message, DateTimeOffset LastTransitionTime);

public static class ConditionTypes
{
    public const string Ready = "Ready";
    public const string Progressing = "Progressing";
    public const string Degraded = "Degraded";
    public const string ImageResolved = "ImageResolved";
    public const string SecretsSynced = "SecretsSynced";
    public const string Healthy = "Healthy";
}
