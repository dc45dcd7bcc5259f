namespace Reconciler.Secrets;

/// <summary>What every user machine needs to work, as the operator gave it. What is null is not managed: machines keep what they have.</summary>
public sealed record MachineSecrets
{
    /// <summary>The project's address, without a slash at its end.</summary>
    public required string SupabaseUrl { get; init; }

    public required SecretText ServiceRoleKey { get; init; }
    public SecretText? GeminiApiKey { get; init; }
    public SecretText? BraintrustApiKey { get; init; }
    public SecretText? BraintrustProjectId { get; init; }
    public SecretText? OpenRouterApiKey { get; init; }

    /// <summary>Values before the last rotation, by the name that they had: what a revert of it needs.</summary>
    public IReadOnlyDictionary<string, SecretText> Previous { get; init; } = new Dictionary<string, SecretText>();
}
