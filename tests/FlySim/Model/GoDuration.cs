using System.Buffers;
using System.Globalization;
using System.Text;

namespace FlySim.Model;

/// <summary>Durations as Go writes them, because the platform parses and prints them so: "60s" comes back as "1m0s".</summary>
internal static class GoDuration
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("h", 3600), ("m", 60), ("s", 1)];

    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789.");

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (text == "0")
        {
            return true;
        }

        var seconds = 0.0;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(NumberChars);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unit = UnitOf(rest);
            if (unit.Unit is null)
            {
                return false;
            }

            seconds += number * unit.Seconds;
            rest = rest[unit.Unit.Length..];
        }

        duration = TimeSpan.FromSeconds(seconds);
        return text.Length > 0;
    }

    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return duration == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds}ms");
        }

        var text = new StringBuilder();
        var hours = (long)duration.TotalHours;
        if (hours > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hours}h");
        }

        if (duration.TotalMinutes >= 1)
        {
            text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        }

        var seconds = duration.TotalSeconds - (hours * 3600) - (duration.Minutes * 60);
        return text.Append(CultureInfo.InvariantCulture, $"{Math.Round(seconds, 6)}s").ToString();
    }

    private static (string? Unit, double Seconds) UnitOf(ReadOnlySpan<char> text)
    {
        // "ms" and "m" share a beginning: the table lists the longer ones first.
        foreach (var (unit, seconds) in Units)
        {
            if (text.StartsWith(unit, StringComparison.Ordinal))
            {
                return (unit, seconds);
            }
        }

        return (null, 0);
    }
}
