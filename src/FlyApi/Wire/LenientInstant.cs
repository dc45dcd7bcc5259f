using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlyApi.Wire;

/// <summary>
/// An instant as RFC 3339 text or as an integer since 1970: leases count seconds, events and apps milliseconds. Instants only
/// inform, so one that cannot be read is absent rather than a reason to refuse the whole answer.
/// </summary>
internal sealed class LenientInstant : JsonConverter<DateTimeOffset?>
{
    // Seconds until the year 5138, then milliseconds until then, and so on: the units cannot be confused in our lifetime.
    private const long LargestInSeconds = 100_000_000_000;

    public override DateTimeOffset? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return reader.TryGetDateTimeOffset(out var instant) ? instant : null;
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? FromEpoch(number) : null;
            default:
                reader.Skip();
                return null;
        }
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } instant)
        {
            writer.WriteStringValue(instant);
        }
        else
        {
            writer.WriteNullValue();
        }
    }

    private static DateTimeOffset? FromEpoch(long number) => number switch
    {
        <= 0 => null,
        < LargestInSeconds => DateTimeOffset.FromUnixTimeSeconds(number),
        < LargestInSeconds * 1_000 => DateTimeOffset.FromUnixTimeMilliseconds(number),
        < LargestInSeconds * 1_000_000 => DateTimeOffset.FromUnixTimeMilliseconds(number / 1_000),
        _ => DateTimeOffset.FromUnixTimeMilliseconds(number / 1_000_000),
    };
}
