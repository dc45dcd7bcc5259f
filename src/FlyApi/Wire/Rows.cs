using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace FlyApi.Wire;

/// <summary>Rows of a list that must be there: a missing list is a broken answer, never an empty one.</summary>
internal static class Rows
{
    private const int LongestIdentifier = 255;

    public static List<TRow> Require<TWire, TRow>(List<TWire?>? rows, string name, Func<TWire, TRow> map)
        where TWire : class
    {
        var mapped = new List<TRow>((rows ?? throw new JsonException($"no list '{name}'")).Count);
        foreach (var row in rows)
        {
            mapped.Add(map(row ?? throw new JsonException($"null in '{name}'")));
        }

        return mapped;
    }

    /// <summary>An id or an app's name, which leads paths, elections and log lines.</summary>
    public static bool IsIdentifier([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: > 0 and <= LongestIdentifier })
        {
            return false;
        }

        // A loop, because this runs for every row and the span's search allocates until it is compiled for the second time.
        foreach (var c in text)
        {
            if (c is < '!' or > '~')
            {
                return false;
            }
        }

        return true;
    }

    public static string Text(string? value, string name) =>
        string.IsNullOrEmpty(value) ? throw new JsonException($"no '{name}'") : value;
}
