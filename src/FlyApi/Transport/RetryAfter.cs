namespace FlyApi.Transport;

/// <summary>The <c>Retry-After</c> header: seconds, or a date. Fly seems not to send one; proxies do.</summary>
internal static class RetryAfter
{
    /// <summary>A date in the year 9999 must not put a user off until then.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan? Read(HttpResponseMessage response, TimeProvider time)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        return wait > Longest ? Longest : wait > TimeSpan.Zero ? wait : null;
    }
}
