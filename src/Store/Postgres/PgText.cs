using System.Globalization;
using System.Text;

namespace Store;

/// <summary>Makes any .NET text one that PostgreSQL can store: messages come from other people's servers and may hold anything.</summary>
internal static class PgText
{
    /// <summary>NUL and lone surrogates, which no text column can hold, become U+FFFD.</summary>
    public static string Clean(string text)
    {
        if (IsClean(text))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // a lone surrogate comes as U+FFFD
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        return clean.ToString();
    }

    /// <summary>For messages: what the server says may quote a name or a value, which must not end a line or reorder it.</summary>
    public static string OneLine(string text)
    {
        const int Longest = 600;
        var line = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= Longest)
                return line.Append('…').ToString();
            line.Append(IsHarmless(rune) ? rune.ToString() : Rune.IsWhiteSpace(rune) ? " " : "?");
        }
        return line.ToString();
    }

    /// <summary>Whether a name shows as what it is: no control or format characters, no ends of lines, no broken surrogates.</summary>
    public static bool IsOneLine(string text) => text.EnumerateRunes().All(IsHarmless);

    private static bool IsHarmless(Rune rune) =>
        rune != Rune.ReplacementChar
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    public static string? CleanOrNull(string? text) => text is null ? null : Clean(text);

    /// <summary>As <see cref="Clean"/>, and so for the escapes: jsonb refuses those that stand for what text refuses.</summary>
    public static string CleanJson(string json)
    {
        json = Clean(json);
        if (!json.Contains("\\u", StringComparison.Ordinal))
            return json;
        var clean = new StringBuilder(json);
        for (var i = 0; i + 1 < clean.Length; i++)
        {
            if (clean[i] != '\\')
                continue;
            var unit = Escaped(clean, i);
            if (unit is { } high && char.IsHighSurrogate(high) && Escaped(clean, i + 6) is { } low && char.IsLowSurrogate(low))
                i += 11;
            else if (unit is { } bad && (bad == 0 || char.IsSurrogate(bad)))
                clean.Replace(clean.ToString(i, 6), "\\ufffd", i, 6);
            else
                i++; // past the escaped character, so that \\u0000 stays a backslash and five letters
        }
        return clean.ToString();
    }

    /// <summary>Npgsql takes only UTC for timestamptz; times of ours are UTC whatever their kind says.</summary>
    public static DateTime Utc(DateTime time) =>
        time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : DateTime.SpecifyKind(time, DateTimeKind.Utc);

    public static DateTime? UtcOrNull(DateTime? time) => time is null ? null : Utc(time.Value);

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == 0)
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private static char? Escaped(StringBuilder text, int at) =>
        at + 6 <= text.Length && text[at] == '\\' && text[at + 1] == 'u'
        && ushort.TryParse(text.ToString(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit
            : null;
}
