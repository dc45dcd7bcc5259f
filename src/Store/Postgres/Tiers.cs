namespace Store;

/// <summary>One string per tier, however many users have it.</summary>
internal static class Tiers
{
    public const string Free = "free";
    private const string Pro = "pro";
    private const string Elite = "elite";

    public static string Shared(string tier) => tier switch
    {
        Pro => Pro,
        Elite => Elite,
        _ => Free,
    };
}
