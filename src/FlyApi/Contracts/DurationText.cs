using System.Text.Json;
using System.Text.Json.Serialization;
using FlyApi.Wire;

namespace FlyApi.Contracts;

/// <summary>A duration that Fly's older texts write as an integer of nanoseconds becomes the text that its API accepts.
/// Public because generated JSON code of other assemblies has to make one.</summary>
public sealed class DurationText : JsonConverter<string?>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new FlyDuration(LenientInt64.Read(ref reader)).ToString(),
        JsonTokenType.String => reader.GetString(),
        _ => throw new JsonException("expected a duration"),
    };

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
