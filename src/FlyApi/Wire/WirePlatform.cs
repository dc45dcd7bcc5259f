using FlyApi.Contracts;

namespace FlyApi.Wire;

internal sealed record WirePlacementRequest(string OrgSlug, string Region, Guest Compute, int Count);

internal sealed record WirePlacements
{
    public List<WirePlacement?>? Regions { get; init; }
}

internal sealed record WirePlacement
{
    public string? Region { get; init; }
    public int? Count { get; init; }
}

internal sealed record WireRegions
{
    public List<WireRegion?>? Regions { get; init; }
}

internal sealed record WireRegion
{
    public string? Code { get; init; }
    public string? Name { get; init; }
    public bool? Deprecated { get; init; }
    public bool? RequiresPaidPlan { get; init; }
}

internal sealed record WireTokens
{
    public List<WireToken?>? Tokens { get; init; }
}

internal sealed record WireToken
{
    public string? TokenId { get; init; }
    public string? OrgSlug { get; init; }
    public List<string?>? Apps { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record WireIp
{
    public string? Ip { get; init; }
    public string? Type { get; init; }
    public bool? Shared { get; init; }
}

internal sealed record WireIps
{
    public List<WireIp?>? Ips { get; init; }
}

internal sealed record WireIpRequest(string Type);
