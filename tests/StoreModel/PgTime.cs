namespace StoreModel;

/// <summary>Times as a timestamptz column keeps them: UTC, whole microseconds, counted from 2000.</summary>
internal static class PgTime
{
    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public static DateTime Stored(DateTime time)
    {
        var utc = PgText.Utc(time);
        // The ends of DateTime travel as the infinities.
        return utc.Ticks == DateTime.MinValue.Ticks || utc.Ticks == DateTime.MaxValue.Ticks
            ? utc
            : new DateTime(Epoch + ((utc.Ticks - Epoch) / 10 * 10), DateTimeKind.Utc);
    }

    public static DateTime? Stored(DateTime? time) => time is null ? null : Stored(time.Value);

    public static TimeSpan Interval(TimeSpan span) => new(span.Ticks / 10 * 10);
}
