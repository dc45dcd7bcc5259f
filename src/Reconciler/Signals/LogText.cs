using System.Globalization;
using System.Text;

namespace Reconciler.Signals;

/// <summary>Makes text from outside safe to log: it can neither forge a line nor flood one.</summary>
internal static class LogText
{
    public const int Longest = 200;

    /// <summary>Control, format and half characters become <c>\uXXXX</c>; what is longer than 200 characters is cut.</summary>
    public static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in text)
        {
            var piece = IsPlain(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            if (safe.Length + piece.Length > Longest - 1)
            {
                return safe.Append('…').ToString();
            }

            safe.Append(piece);
        }

        return safe.ToString();
    }

    private static bool IsPlain(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
