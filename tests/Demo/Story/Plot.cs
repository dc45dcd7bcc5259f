namespace Demo.Story;

/// <summary>The claims in the order in which they are shown; each begins where the one before ended.</summary>
internal static class Plot
{
    public static IReadOnlyList<Claim> Claims { get; } =
        [.. Provisioning.Claims, .. Repairs.Claims, .. Leaving.Claims, .. Images.Claims, .. Following.Claims, .. Forcing.Claims, .. Invariants.Claims];
}
