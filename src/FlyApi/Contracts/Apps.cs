namespace FlyApi.Contracts;

public sealed record CreateAppRequest(string Name, string OrgSlug, string? Network = null);

/// <summary>An app as Fly reports it. <see cref="Status"/> is not a readiness signal.</summary>
public sealed record FlyApp(string Name, string? OrgSlug, string? Status, int MachineCount);

/// <summary>The closed set of answers to "who holds this name?".</summary>
public abstract record AppLookup
{
    private AppLookup()
    {
    }

    /// <summary>Visible to our token.</summary>
    public sealed record Found(FlyApp App) : AppLookup;

    /// <summary>Exists, in an organisation that our token cannot see (403).</summary>
    public sealed record Foreign : AppLookup;

    /// <summary>Nobody holds it (404); a just-created app can look like this for a moment.</summary>
    public sealed record Missing : AppLookup;
}

public sealed record IpAssignment(string Ip, string? Type, bool Shared);

public sealed record Placement(string Region, int Count);

public sealed record FlyRegion(string Code, string? Name, bool Deprecated, bool RequiresPaidPlan);

public sealed record TokenInfo(string? TokenId, string? OrgSlug, IReadOnlyList<string> Apps, DateTimeOffset? ExpiresAt);
