namespace FlyApi.Limits;

/// <summary>A token bucket's measures. Numbers from Fly's "Working with the Machines API" page.</summary>
internal sealed record RateLimit(double PerSecond, int Burst)
{
    /// <summary>Every action on one machine or app.</summary>
    public static RateLimit Usual { get; } = new(1, 3);

    /// <summary>GET of one machine.</summary>
    public static RateLimit MachineGet { get; } = new(5, 10);

    /// <summary>Published as 100 a minute. Bucket and refill together stay within that in every window of a minute.</summary>
    public static RateLimit AppDelete { get; } = new(95.0 / 60, 5);

    /// <summary>Nothing is published for the organisation's list; paging through it is a read, so the read limit is assumed.</summary>
    public static RateLimit OrgList { get; } = new(5, 10);
}
