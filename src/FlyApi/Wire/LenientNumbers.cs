using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlyApi.Wire;

/// <summary>Accepts what Go programs send for an integer: 2, 2.0, "2", and null where there is none.</summary>
internal sealed class LenientInt64 : JsonConverter<long>
{
    public override bool HandleNull => true;

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader);

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);

    internal static long Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => 0,
        JsonTokenType.Number when reader.TryGetInt64(out var whole) => whole,
        JsonTokenType.Number when reader.TryGetDecimal(out var number) && decimal.IsInteger(number)
            && number is >= long.MinValue and <= long.MaxValue => (long)number,
        JsonTokenType.String when long.TryParse(reader.GetString(), CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => throw new JsonException("expected an integer"),
    };
}

/// <inheritdoc cref="LenientInt64"/>
internal sealed class LenientInt32 : JsonConverter<int>
{
    public override bool HandleNull => true;

    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        LenientInt64.Read(ref reader) is var value and >= int.MinValue and <= int.MaxValue
            ? (int)value
            : throw new JsonException("expected an integer of 32 bits");

    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Accepts true, "true" and null.</summary>
internal sealed class LenientBoolean : JsonConverter<bool>
{
    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False or JsonTokenType.Null => false,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out var parsed) => parsed,
        _ => throw new JsonException("expected a boolean"),
    };

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
