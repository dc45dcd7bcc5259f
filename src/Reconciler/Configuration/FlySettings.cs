using FlyApi;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Where Fly is and what is ours there.</summary>
public sealed record FlySettings
{
    public required SecretText Token { get; init; }
    public required Uri ApiAddress { get; init; }
    public required Uri RegistryAddress { get; init; }
    public required string OrgSlug { get; init; }

    /// <summary>Three letters.</summary>
    public required string Region { get; init; }

    public required TimeSpan AttemptTimeout { get; init; }

    /// <summary>Multiplies Fly's published rate limits.</summary>
    public required double RateLimitScale { get; init; }

    public FlyApiOptions ToClientOptions() => new()
    {
        BaseAddress = ApiAddress,
        RegistryAddress = RegistryAddress,
        Token = Token.Reveal,
        AttemptTimeout = AttemptTimeout,
        RateLimitScale = RateLimitScale,
    };
}
