namespace FlyApi.Contracts;

/// <summary>A secret's name and Fly's digest of it. The digest's algorithm is unknown: compare for equality only.</summary>
/// <param name="UpdatedAt">When it was last set, by Fly's clock; null when Fly does not say, or not as an instant.</param>
public sealed record AppSecret(string Name, string? Digest, DateTimeOffset? UpdatedAt = null);

/// <summary>The answer to a change of secrets.</summary>
/// <param name="Version">App-wide, growing; to be passed as <c>min_secrets_version</c>.</param>
public sealed record SecretsUpdate(long Version, IReadOnlyList<AppSecret> Secrets);
