namespace FlyApi.Contracts;

/// <summary>A secret's name and Fly's digest of it. The digest's algorithm is unknown: compare for equality only.</summary>
public sealed record AppSecret(string Name, string? Digest);

/// <summary>The answer to a change of secrets.</summary>
/// <param name="Version">App-wide, growing; to be passed as <c>min_secrets_version</c>.</param>
public sealed record SecretsUpdate(long Version, IReadOnlyList<AppSecret> Secrets);
