using System.Buffers;
using System.Globalization;

namespace FlyApi.Contracts;

/// <summary>
/// A duration as Fly writes it: Go's text ("15s", "1m0s", "500ms", "1.5h") or a bare integer of nanoseconds. The API echoes
/// durations normalised ("60s" comes back as "1m0s"), so they are compared by value, never as text.
/// </summary>
public readonly record struct FlyDuration(long Nanoseconds)
{
    private const long Second = 1_000_000_000;
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    // Longest first where one unit begins like another ("ms" before "m").
    private static readonly (string Suffix, long Nanoseconds)[] Units =
    [
        ("ns", 1), ("us", 1_000), ("\u00b5s", 1_000), ("\u03bcs", 1_000), ("ms", 1_000_000),
        ("s", Second), ("m", 60 * Second), ("h", 3600 * Second),
    ];

    /// <summary>Whether two durations are the same length of time; texts that are no durations are equal only as texts.</summary>
    public static bool Same(string? left, string? right) =>
        TryParse(left, out var first) && TryParse(right, out var second)
            ? first == second
            : string.Equals(left, right, StringComparison.Ordinal);

    public static bool TryParse(string? text, out FlyDuration duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (long.TryParse(rest, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bare))
        {
            duration = new FlyDuration(bare);
            return true;
        }

        var negative = rest.StartsWith("-");
        if (negative || rest.StartsWith("+"))
        {
            rest = rest[1..];
        }

        if (rest.IsEmpty)
        {
            return false;
        }

        decimal total = 0;
        while (!rest.IsEmpty)
        {
            if (!TryReadPart(ref rest, out var part))
            {
                return false;
            }

            total += part;
        }

        if (total > long.MaxValue)
        {
            return false;
        }

        duration = new FlyDuration((long)(negative ? -total : total));
        return true;
    }

    public TimeSpan ToTimeSpan() => TimeSpan.FromTicks(Nanoseconds / 100);

    /// <summary>Go's own spelling, which is what Fly echoes.</summary>
    public override string ToString()
    {
        if (Nanoseconds == 0)
        {
            return "0s";
        }

        var sign = Nanoseconds < 0 ? "-" : "";
        var left = Math.Abs((decimal)Nanoseconds);
        if (left < Second)
        {
            var (suffix, size) = left < 1_000 ? ("ns", 1m) : left < 1_000_000 ? ("\u00b5s", 1_000m) : ("ms", 1_000_000m);
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{left / size:0.#########}{suffix}");
        }

        var hours = decimal.Truncate(left / (3600m * Second));
        var minutes = decimal.Truncate(left / (60m * Second)) % 60;
        var seconds = left / Second % 60;
        var head = hours > 0 ? $"{hours:0}h{minutes:0}m" : minutes > 0 ? $"{minutes:0}m" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{head}{seconds:0.#########}s");
    }

    private static bool TryReadPart(ref ReadOnlySpan<char> rest, out decimal nanoseconds)
    {
        nanoseconds = 0;
        var length = rest.IndexOfAnyExcept(NumberCharacters);

        // Twenty digits are more than 64 bits of nanoseconds need; the bound keeps the sums inside a decimal.
        if (length is <= 0 or > 20
            || !decimal.TryParse(rest[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        rest = rest[length..];
        foreach (var (suffix, size) in Units)
        {
            if (rest.StartsWith(suffix, StringComparison.Ordinal))
            {
                if (number > (decimal)long.MaxValue / size)
                {
                    return false;
                }

                rest = rest[suffix.Length..];
                nanoseconds = decimal.Truncate(number * size);
                return true;
            }
        }

        return false;
    }
}
