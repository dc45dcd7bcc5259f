using System.Globalization;
using System.Text;
using CsCheck;

namespace Hostile;

/// <summary>Texts that somebody could send to forge a log line, break out of a quotation, or keep a parser busy.</summary>
internal static class HostileText
{
    /// <summary>Each alone is enough to spoil a line.</summary>
    public static readonly string[] Pieces =
    [
        "\n", "\r\n", "\r", "\t", "\0", "\u001B[2J", "\u001B]0;title\a", "\u009B31m", "\u0085", "\u2028", "\u2029", "\u202E", "\u2066", "\u2069",
        "\u200F", "\u200B", "\uFEFF", "\uFFFE", "\uD800", "\uDC00", "\uDC00\uD800", "\U0001F600", "\U000E0041", "e\u0301\u0301\u0301", "\u05D0\u0661",
        "\uE000", "'", "\"", "\\", "\\u0000", "\\ud800", "`", "$1", "@name", ":name", "{0}", "%00", "%n%s", "'; drop table x; --", "$$", "E'\\'",
        "${jndi:x}", "../..", "[bold]", "[/]", "<b>", "a", "Z", "0", " ", "/", ":", ".", ",", "-", "*", "=", ";", "{", "}", "[", "]", "é", "漢", "ﷺ",
    ];

    private static readonly Gen<string> Mixed = Gen.OneOf(Pieces).Array[0, 12].Select(string.Concat);

    private static readonly Gen<string> Long = Gen.Select(
        Gen.OneOf(Pieces), Gen.OneOf(1_000, 4_096, 65_536), (piece, length) => Repeat(piece, length));

    /// <summary>Of any kind, mostly short.</summary>
    public static readonly Gen<string> Any = Gen.Frequency((12, Mixed), (4, Gen.String), (2, Gen.Char.Array[0, 20].Select(c => new string(c))), (1, Long));

    /// <summary>A valid text with hostile pieces put into it.</summary>
    public static Gen<string> Within(params string[] valid) => Gen.Select(
        Gen.OneOf(valid), Gen.Select(Gen.Int[0, 1_000], Gen.Int[0, 3], Any).Array[0, 3], Spoil);

    /// <summary>A megabyte of each piece: for what must not take longer than its length.</summary>
    public static IEnumerable<string> Megabytes() => Pieces.Select(piece => Repeat(piece, 1024 * 1024));

    public static string Repeat(string piece, int length) =>
        new StringBuilder(length + piece.Length).Insert(0, piece, (length / piece.Length) + 1).ToString();

    /// <summary>What UTF-8 leaves of it: a database returns no half of a surrogate pair.</summary>
    public static string AsStored(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Fails when a reader of logs or a terminal could act on the text, or take it for more than one line.</summary>
    public static void AssertHarmless(string? said, int longest = 4_000)
    {
        if (said is null)
        {
            return;
        }

        if (said.Length > longest)
        {
            Assert.Fail($"{said.Length} characters: {said[..200]}");
        }

        for (var i = 0; i < said.Length; i++)
        {
            var isPair = char.IsHighSurrogate(said[i]) && i + 1 < said.Length && char.IsLowSurrogate(said[i + 1]);
            var category = CharUnicodeInfo.GetUnicodeCategory(said, i);
            var harmful = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator || (category is UnicodeCategory.Surrogate && !isPair);
            if (harmful)
            {
                Assert.Fail($"U+{(int)said[i]:X4} ({category}) at {i} of: {said}");
            }

            i += isPair ? 1 : 0;
        }
    }

    /// <summary>Fails when the text holds a run of the secret that is long enough to be of use.</summary>
    public static void AssertHides(string? said, string secret, int run = 8)
    {
        for (var at = 0; said is not null && at + run <= secret.Length; at++)
        {
            if (said.Contains(secret.AsSpan(at, run), StringComparison.OrdinalIgnoreCase))
            {
                Assert.Fail($"a part of a secret is in: {said}");
            }
        }
    }

    private static string Spoil(string valid, (int Position, int Cut, string Piece)[] changes)
    {
        foreach (var (position, cut, piece) in changes)
        {
            var at = position % (valid.Length + 1);
            valid = string.Concat(valid.AsSpan(0, at), piece, valid.AsSpan(Math.Min(valid.Length, at + cut)));
        }

        return valid;
    }
}
