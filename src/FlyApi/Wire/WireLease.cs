namespace FlyApi.Wire;

/// <summary>The lease flat, as the official description has it, or inside an envelope's <c>data</c>, as Fly sends it.</summary>
internal sealed record WireLease
{
    public WireLease? Data { get; init; }
    public string? Nonce { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public string? Owner { get; init; }
    public string? Description { get; init; }
    public string? Version { get; init; }
}

internal sealed record WireLeaseRequest(int Ttl, string? Description);
