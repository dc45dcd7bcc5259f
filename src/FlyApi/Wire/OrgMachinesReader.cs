using System.Text.Json;
using FlyApi.Contracts;

namespace FlyApi.Wire;

/// <summary>
/// Reads a page of the organisation's machines straight from UTF-8 into structs: this runs for every machine in every pass, and
/// reading the full model costs ten times the time and memory. Members that are not needed are skipped unread.
/// </summary>
internal static class OrgMachinesReader
{
    private const int LikelyBytesPerRow = 600;

    /// <exception cref="JsonException">Not a page, or a row without app, id or state: dropping it would make a machine look gone.</exception>
    public static OrgMachinesPage Read(ReadOnlySpan<byte> utf8, LowCardinalityStrings strings)
    {
        var reader = new Utf8JsonReader(WireJson.WithoutMark(utf8));
        reader.Read();
        Expect(ref reader, JsonTokenType.StartObject, "a page");

        List<OrgMachine>? machines = null;
        List<string> errorRegions = [];
        string? nextCursor = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("machines"u8))
            {
                machines = Rows(ref reader, strings, utf8.Length / LikelyBytesPerRow);
            }
            else if (reader.ValueTextEquals("next_cursor"u8))
            {
                nextCursor = Text(ref reader) is { Length: > 0 } cursor ? cursor : null;
            }
            else if (reader.ValueTextEquals("error_regions"u8))
            {
                errorRegions = Regions(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        // A page that ends here but has text behind it is two answers glued together.
        if (reader.Read())
        {
            throw new JsonException("text after the page");
        }

        return new OrgMachinesPage(machines ?? throw new JsonException("no list 'machines'"), nextCursor, errorRegions);
    }

    private static List<OrgMachine> Rows(ref Utf8JsonReader reader, LowCardinalityStrings strings, int likelyRows)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, "a list 'machines'");
        var rows = new List<OrgMachine>(likelyRows);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.StartObject, "a machine");
            rows.Add(OrgMachineRow.Read(ref reader, strings));
        }

        return rows;
    }

    private static List<string> Regions(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        Expect(ref reader, JsonTokenType.StartArray, "a list 'error_regions'");
        var regions = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.String, "a region");
            regions.Add(reader.GetString()!);
        }

        return regions;
    }

    /// <summary>Moves to the next member's name; false at the end of the object.</summary>
    internal static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    internal static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("expected a string");
    }

    internal static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type)
        {
            throw new JsonException($"expected {what}, found {reader.TokenType}");
        }
    }
}
