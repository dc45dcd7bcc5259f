namespace FlyApi;

/// <summary>Where Fly is and how patient the client is. The token is read through <see cref="Token"/> at each request, so it can rotate.</summary>
public sealed record FlyApiOptions
{
    /// <summary>Base address, for example <c>https://api.machines.dev</c> or <c>http://_api.internal:4280</c>; a path prefix is kept.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>Base address of the image registry, for example <c>https://registry.fly.io</c>.</summary>
    public required Uri RegistryAddress { get; init; }

    /// <summary>The token as the user gave it; a <c>FlyV1 </c> or <c>Bearer </c> prefix is dropped and the scheme chosen by its form.</summary>
    public required Func<string> Token { get; init; }

    /// <summary>One attempt, waiting calls excepted. Default 20 s.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Retries of what is safe to repeat. Default 2 (Polly's default is 3; replanning is our third).</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>First retry delay, doubled each time, with jitter. Default 0.5 s (flyctl waits 0.5 s after an ambiguous launch).</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Answers larger than this are refused. Default 32 MiB (1,000 machines are about 0.7 MB).</summary>
    public int MaxResponseBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Multiplies Fly's published rate limits in the client-side limiter; 1 is what Fly publishes, above 1 only against a simulator.</summary>
    public double RateLimitScale { get; init; } = 1;
}
