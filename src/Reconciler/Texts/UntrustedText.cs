using System.Globalization;
using System.Text;

namespace Reconciler.Texts;

/// <summary>Makes text that a machine, a user or an operator wrote fit to be shown in a log line, a condition or a problem.</summary>
internal static class UntrustedText
{
    /// <summary>What one text may take of a log line.</summary>
    public const int LogLength = 200;

    public static string ForLog(string text) => Clean(text, LogLength);

    /// <summary>Replaces what a terminal or a log reader could act on (control and format characters, line separators, broken
    /// surrogates) by <c>?</c>, and cuts after <paramref name="maxLength"/> characters.</summary>
    public static string Clean(string text, int maxLength)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = IsHarmless(rune) ? rune : new Rune('?');
            if (clean.Length + shown.Utf16SequenceLength > maxLength)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(shown.ToString());
        }

        return clean.ToString();
    }

    private static bool IsHarmless(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
