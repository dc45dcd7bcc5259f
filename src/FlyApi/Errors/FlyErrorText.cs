using System.Text;

namespace FlyApi.Errors;

/// <summary>Makes text from the other side fit for a log: no secrets, no control characters (a log line cannot be forged), short.</summary>
internal static class FlyErrorText
{
    public const int MaxLength = 500;
    private const string Redacted = "[redacted]";

    // A shorter secret protects nothing, and blanking every "1" would make the text useless.
    private const int ShortestSecret = 4;

    // Servers quote values cut short, so any run of a secret this long is blanked, not only the whole of it.
    private const int RunLength = 8;

    // Enough to fill MaxLength after blanking, and a bound on the work that a hostile answer can cause.
    private const int Considered = 4096;

    public static string Clean(string text, IEnumerable<string> secrets)
    {
        var considered = text.Length > Considered ? text[..Considered] : text;
        var hidden = Mark(considered, secrets);
        var clean = new StringBuilder(Math.Min(considered.Length, MaxLength));
        for (var at = 0; at < considered.Length && clean.Length < MaxLength; at++)
        {
            if (!hidden[at])
            {
                clean.Append(IsPrintable(considered[at]) ? considered[at] : ' ');
            }
            else if (at == 0 || !hidden[at - 1])
            {
                clean.Append(Redacted);
            }
        }

        return clean.Length > MaxLength ? clean.ToString(0, MaxLength) : clean.ToString();
    }

    private static bool[] Mark(string text, IEnumerable<string> secrets)
    {
        var hidden = new bool[text.Length];
        var runs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var secret in secrets)
        {
            AddRuns(runs, secret);
        }

        var lookup = runs.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = ShortestSecret; length <= RunLength && runs.Count > 0; length++)
        {
            for (var at = 0; at + length <= text.Length; at++)
            {
                if (lookup.Contains(text.AsSpan(at, length)))
                {
                    hidden.AsSpan(at, length).Fill(true);
                }
            }
        }

        return hidden;
    }

    private static void AddRuns(HashSet<string> runs, string secret)
    {
        if (secret.Length < ShortestSecret)
        {
            return;
        }

        var length = Math.Min(secret.Length, RunLength);
        for (var at = 0; at + length <= secret.Length; at++)
        {
            runs.Add(secret.Substring(at, length));
        }
    }

    // Line and paragraph separators end a line for some readers; bidirectional overrides reorder what is shown.
    private static bool IsPrintable(char character) => char.GetUnicodeCategory(character)
        is not (System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
            or System.Globalization.UnicodeCategory.Surrogate or System.Globalization.UnicodeCategory.PrivateUse);
}
