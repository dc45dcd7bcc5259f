using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reconciler.Signals;

/// <summary>
/// What a signal file says. One user id or app name a line; <c>*</c>, or nothing but blank lines and <c>#</c> comments, means
/// everyone. UTF-8, or UTF-16 with a mark, since that is what <c>echo</c> writes in an older PowerShell.
/// </summary>
internal sealed record SignalText(bool Everyone, IReadOnlyList<string> Names)
{
    public const int LongestName = 200;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Utf16 = new(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding Utf16BigEndian = new(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true);

    public static bool TryParse(
        ReadOnlySpan<byte> bytes, int maxLines, [NotNullWhen(true)] out SignalText? text, [NotNullWhen(false)] out string? problem)
    {
        text = null;
        var names = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var everyone = false;
        var number = 0;
        if (!TryDecode(bytes, out var decoded))
        {
            problem = "it is not UTF-8 text";
            return false;
        }

        foreach (var line in decoded.AsSpan().TrimEnd().EnumerateLines())
        {
            if (++number > maxLines)
            {
                problem = $"it has more than {maxLines} lines; an empty file forces everyone";
                return false;
            }

            var name = Name(line);
            problem = Refuse(name, number);
            if (problem is not null)
            {
                return false;
            }

            everyone |= name is "*";
            if (!name.IsEmpty && name is not "*" && known.Add(name.ToString()))
            {
                names.Add(name.ToString());
            }
        }

        text = everyone || names.Count == 0 ? new SignalText(true, []) : new SignalText(false, names);
        problem = null;
        return true;
    }

    /// <summary>Why a name cannot stand on a line of the file; null when it can.</summary>
    public static string? Refuse(ReadOnlySpan<char> name, int line)
    {
        if (name.Length > LongestName)
        {
            return $"line {line} has {name.Length} characters, and no user id or app name has more than {LongestName}";
        }

        foreach (var c in name)
        {
            if (char.IsControl(c))
            {
                return $"line {line} contains control characters";
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> Name(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        if (line.StartsWith('#'))
        {
            return [];
        }

        return line.Length >= 2 && line[0] is '"' or '\'' && line[^1] == line[0] ? line[1..^1].Trim() : line;
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string decoded)
    {
        Encoding encoding = bytes switch
        {
            [0xFF, 0xFE, ..] => Utf16,
            [0xFE, 0xFF, ..] => Utf16BigEndian,
            _ => Utf8,
        };
        var mark = encoding == Utf8 && !bytes.StartsWith("\uFEFF"u8) ? 0 : encoding == Utf8 ? 3 : 2;
        try
        {
            decoded = encoding.GetString(bytes[mark..]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            decoded = ""; // the answer is "not text"; where it stops being text helps nobody
            return false;
        }
    }
}
