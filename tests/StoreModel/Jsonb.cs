using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StoreModel;

/// <summary>What <c>jsonb</c> makes of a document: keys by length and then bytes, the last of equal ones, plain numbers.</summary>
internal static class Jsonb
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1000 };

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        ['"', '\\', .. Enumerable.Range(0, ' ').Select(unit => (char)unit)]);

    private const int Remembered = 512;

    [ThreadStatic]
    private static StringBuilder? _text;

    // A controller writes the same few documents again and again, and reading one costs more than all the rest of a write.
    [ThreadStatic]
    private static Dictionary<string, string>? _known;

    /// <summary>The text by which the database answers.</summary>
    public static string Text(string json)
    {
        if (json is "{}" or "[]")
            return json;
        var known = _known ??= new Dictionary<string, string>(StringComparer.Ordinal);
        if (known.TryGetValue(json, out var answer))
            return answer;
        var text = _text ??= new StringBuilder();
        text.Clear();
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            Append(text, document.RootElement, plainNumbers: false);
        }
        catch (JsonException)
        {
            throw Refusals.Json();
        }
        if (known.Count == Remembered)
            known.Clear();
        return known[json] = text.ToString();
    }

    /// <summary>Equality of two answers: 1.0 and 1.00 are two texts and one value.</summary>
    public static bool Same(string? one, string? other)
    {
        if (string.Equals(one, other, StringComparison.Ordinal))
            return true;
        return one is not null && other is not null
            && (HasFraction(one) || HasFraction(other))
            && string.Equals(Value(one), Value(other), StringComparison.Ordinal);
    }

    /// <summary>A point outside of every string: instants have one inside, and reading two documents for it is what a write would mostly do.</summary>
    private static bool HasFraction(string json)
    {
        var rest = json.AsSpan();
        while (rest.IndexOfAny('"', '.') is var at and >= 0)
        {
            if (rest[at] == '.')
                return true;
            rest = rest[(at + 1)..];
            while (rest.IndexOfAny('"', '\\') is var end and >= 0)
            {
                var escaped = rest[end] == '\\';
                rest = rest[(end + (escaped ? 2 : 1))..];
                if (!escaped)
                    break;
            }
        }
        return false;
    }

    private static string Value(string json)
    {
        var text = new StringBuilder(json.Length);
        using var document = JsonDocument.Parse(json, Options);
        Append(text, document.RootElement, plainNumbers: true);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement element, bool plainNumbers)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendObject(text, element, plainNumbers);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first)
                        text.Append(", ");
                    first = false;
                    Append(text, item, plainNumbers);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                var number = Numeric(element.GetRawText());
                text.Append(plainNumbers && number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number);
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendObject(StringBuilder text, JsonElement element, bool plainNumbers)
    {
        var properties = new List<(string Name, JsonElement Value)>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name; // each reading of it makes a new string
            var at = properties.Count - 1;
            while (at >= 0 && properties[at].Name != name)
                at--;
            if (at >= 0)
                properties[at] = (name, property.Value);
            else
                properties.Add((name, property.Value));
        }
        properties.Sort(static (one, other) => CompareKeys(one.Name, other.Name));
        text.Append('{');
        for (var i = 0; i < properties.Count; i++)
        {
            if (i > 0)
                text.Append(", ");
            AppendString(text, properties[i].Name);
            text.Append(": ");
            Append(text, properties[i].Value, plainNumbers);
        }
        text.Append('}');
    }

    private static int CompareKeys(string one, string other)
    {
        if (Ascii.IsValid(one) && Ascii.IsValid(other))
            return one.Length != other.Length ? one.Length - other.Length : string.CompareOrdinal(one, other);
        var (left, right) = (Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
        return left.Length != right.Length ? left.Length - right.Length : left.AsSpan().SequenceCompareTo(right);
    }

    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        if (value.AsSpan().IndexOfAny(Escaped) < 0)
        {
            text.Append(value).Append('"');
            return;
        }
        foreach (var unit in value)
        {
            switch (unit)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"); break;
                default: text.Append(unit); break;
            }
        }
        text.Append('"');
    }

    /// <summary>A numeric keeps the digits after the point that were written, and no exponent.</summary>
    private static string Numeric(string raw)
    {
        var negative = raw[0] == '-';
        var mark = raw.AsSpan().IndexOfAny('e', 'E');
        var mantissa = raw.AsSpan(negative ? 1 : 0, (mark < 0 ? raw.Length : mark) - (negative ? 1 : 0));
        if (mark < 0 && !negative)
            return raw;
        if (!int.TryParse(mark < 0 ? "0" : raw.AsSpan(mark + 1), CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs(exponent) > 16000)
            throw Refusals.Raised("value overflows numeric format", Npgsql.PostgresErrorCodes.NumericValueOutOfRange);

        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        var scale = (point < 0 ? 0 : mantissa.Length - point - 1) - exponent;
        if (scale < 0)
            digits += new string('0', -scale);
        scale = Math.Max(0, scale);
        digits = digits.PadLeft(scale + 1, '0');
        var whole = digits[..^scale].TrimStart('0');
        var plain = (whole.Length == 0 ? "0" : whole) + (scale == 0 ? "" : "." + digits[^scale..]);
        return negative && plain.AsSpan().IndexOfAnyInRange('1', '9') >= 0 ? "-" + plain : plain;
    }
}
