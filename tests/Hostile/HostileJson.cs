using System.Text;
using System.Text.Json;
using CsCheck;

namespace Hostile;

/// <summary>Documents that are almost the right one.</summary>
internal static class HostileJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What stands in place of a value: another type, a number or a date that fits nowhere, what JSON does not have.</summary>
    private static readonly Gen<string> Values = Gen.Frequency(
        (8, Gen.OneOf(
            "null", "true", "false", "[]", "{}", "\"\"", "0", "-1", "1.5", "2147483648", "9223372036854775808", "-9223372036854775809", "1e999", "-1e999",
            "1e-999", "1E400000000", "-0", "00", "NaN", "Infinity", "0x10", "'x'", "undefined", "[null]", "{\"\":null}", "[[]]", "[1,]", "{,}", "/*x*/1",
            "\"2026-13-45T99:99:99Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"", "\"1e400\"", "\"true\"", "253402300800000",
            "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u202e\\u2028\\u001b[2J\"", "\"\\q\"", "\"unclosed", "\"line\nbreak\"")),
        (4, HostileText.Any.Select(text => JsonSerializer.Serialize(text))),
        (1, HostileText.Any.Select(text => "\"" + text + "\"")),
        (1, Gen.Int[1, 2_000].Select(digits => new string('9', digits))),
        (1, Gen.Select(Gen.Int[1, 3_000], Gen.Bool, (depth, array) => array
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))));

    private enum Change
    {
        Drop,
        Duplicate,
        Replace,
        Nest,
        Rename,
        EscapeName,
        AddBefore,
    }

    /// <summary>The document with one to three changes of its members, sometimes damaged as bytes, too.</summary>
    public static Gen<byte[]> Of(params string[] valid)
    {
        var trees = Gen.Select(
            Gen.OneOf(valid),
            Gen.Select(Gen.Int[0, 100_000], Gen.Enum<Change>(), Values).Array[0, 3],
            (document, changes) => Utf8.GetBytes(Write(document, changes)));
        return Gen.Frequency((10, trees), (4, trees.SelectMany(Damaged)), (1, Gen.Byte.Array[0, 300]));
    }

    public static Gen<string> TextOf(params string[] valid) => Of(valid).Select(bytes => Encoding.UTF8.GetString(bytes));

    /// <summary>Every beginning of it but the whole.</summary>
    public static IEnumerable<byte[]> Beginnings(string valid)
    {
        var whole = Utf8.GetBytes(valid);
        return Enumerable.Range(0, whole.Length).Select(length => whole[..length]);
    }

    /// <summary>A megabyte that opens and never closes, and such as has one member a million times.</summary>
    public static IEnumerable<string> Large() =>
    [
        new string('[', 1024 * 1024), string.Concat(Enumerable.Repeat("{\"a\":", 200_000)), new string('9', 1024 * 1024), new string(' ', 1024 * 1024),
        "{" + string.Join(",", Enumerable.Repeat("\"a\":1", 200_000)) + "}", "{\"" + new string('n', 1024 * 1024) + "\":1}",
        "\"" + new string('s', 1024 * 1024) + "\"", "[" + string.Join(",", Enumerable.Repeat("{}", 300_000)) + "]",
    ];

    public static string Print(byte[] document) => Encoding.UTF8.GetString(document);

    private static Gen<byte[]> Damaged(byte[] document) => Gen.Select(
        Gen.Int[0, 7], Gen.Int[0, 1_000_000], Gen.Byte.Array[1, 8], (kind, position, noise) =>
        {
            var at = document.Length == 0 ? 0 : position % document.Length;
            return kind switch
            {
                0 => document[..at],
                1 => [0xEF, 0xBB, 0xBF, .. document],
                2 => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(document))],
                3 => [.. document[..at], 0xC3, 0x28, .. document[at..]],
                4 => [.. document, .. document],
                5 => [.. document[..at], 0xED, 0xA0, 0x80, .. document[at..]],
                6 => [.. document, .. "\n// end"u8],
                _ => [.. document[..at], .. noise, .. document[Math.Min(document.Length, at + noise.Length)..]],
            };
        });

    private static string Write(string document, (int Position, Change Change, string Value)[] changes)
    {
        using var parsed = JsonDocument.Parse(document);
        var count = Count(parsed.RootElement);
        var text = new StringBuilder();
        var position = 0;
        Write(text, parsed.RootElement, ref position, changes.Select(c => (c.Position % count, c.Change, c.Value)).ToLookup(c => c.Item1));
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, ref int position, ILookup<int, (int, Change Change, string Value)> changes)
    {
        foreach (var (_, change, replacement) in changes[position])
        {
            if (change is Change.Replace)
            {
                position += Count(value);
                text.Append(replacement);
                return;
            }

            if (change is Change.Nest)
            {
                text.Append('[');
                position++;
                WriteInside(text, value, ref position, changes);
                text.Append(']');
                return;
            }
        }

        position++;
        WriteInside(text, value, ref position, changes);
    }

    private static void WriteInside(StringBuilder text, JsonElement value, ref int position, ILookup<int, (int, Change Change, string Value)> changes)
    {
        if (value.ValueKind is JsonValueKind.Array)
        {
            text.Append('[');
            var first = true;
            foreach (var item in value.EnumerateArray())
            {
                text.Append(first ? "" : ",");
                first = false;
                Write(text, item, ref position, changes);
            }

            text.Append(']');
        }
        else if (value.ValueKind is JsonValueKind.Object)
        {
            var members = new List<string>();
            foreach (var member in value.EnumerateObject())
            {
                var here = changes[position].ToList();
                var content = new StringBuilder();
                Write(content, member.Value, ref position, changes);
                Member(members, member.Name, content.ToString(), here);
            }

            text.Append('{').AppendJoin(',', members).Append('}');
        }
        else
        {
            text.Append(value.GetRawText());
        }
    }

    private static void Member(List<string> members, string name, string content, List<(int, Change Change, string Value)> changes)
    {
        var whole = $"{JsonSerializer.Serialize(name)}:{content}";
        foreach (var (_, change, value) in changes)
        {
            switch (change)
            {
                case Change.Drop:
                    return;
                case Change.Duplicate:
                    members.Add(JsonSerializer.Serialize(name) + ":" + value);
                    break;
                case Change.Rename:
                    whole = $"{(value.StartsWith('"') ? value : JsonSerializer.Serialize(value))}:{content}";
                    break;
                case Change.EscapeName:
                    whole = "\"" + string.Concat(name.Select(c => $"\\u{(int)c:x4}")) + "\":" + content;
                    break;
                case Change.AddBefore:
                    members.Add("\"added\":" + value);
                    break;
            }
        }

        members.Add(whole);
    }

    private static int Count(JsonElement value) => 1 + (value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().Sum(Count),
        JsonValueKind.Object => value.EnumerateObject().Sum(member => Count(member.Value)),
        _ => 0,
    });
}
