using System.Globalization;

namespace Reconciler.Configuration;

/// <summary>
/// Reads <c>hh:mm:ss</c> and <c>d.hh:mm:ss</c>. Unlike TimeSpan.Parse it reads 72:00:00 as 72 hours, and refuses a bare number,
/// which TimeSpan.Parse takes for days.
/// </summary>
internal static class DurationText
{
    private const int MaxDays = 3650;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var parts = text.Split(':');
        if (parts.Length != 3)
        {
            return false;
        }

        var dot = parts[0].IndexOf('.', StringComparison.Ordinal);
        var days = 0;
        if (dot >= 0 && !TryParseWhole(parts[0][..dot], MaxDays, out days))
        {
            return false;
        }

        var maxHours = dot >= 0 ? 23 : MaxDays * 24;
        if (!TryParseWhole(parts[0][(dot + 1)..], maxHours, out var hours)
            || !TryParseWhole(parts[1], 59, out var minutes)
            || !decimal.TryParse(parts[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || seconds >= 60)
        {
            return false;
        }

        duration = new TimeSpan(days, hours, minutes, 0) + TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond));
        return true;
    }

    public static string Format(TimeSpan duration) => duration.ToString("c", CultureInfo.InvariantCulture);

    private static bool TryParseWhole(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;
}
