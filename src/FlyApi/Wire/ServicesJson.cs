using System.Buffers;
using System.Text.Json;

namespace FlyApi.Wire;

/// <summary>
/// Fly takes <c>autostop</c> as a string and answers "off" and "stop" as booleans. Read back as strings, services compare equal
/// to what was sent.
/// </summary>
internal static class ServicesJson
{
    public static JsonElement Normalise(JsonElement services)
    {
        if (services.ValueKind != JsonValueKind.Array || !services.EnumerateArray().Any(HasBooleanAutostop))
        {
            return services;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var service in services.EnumerateArray())
            {
                Write(writer, service);
            }

            writer.WriteEndArray();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static bool HasBooleanAutostop(JsonElement service) =>
        service.ValueKind == JsonValueKind.Object && service.TryGetProperty("autostop", out var autostop)
        && autostop.ValueKind is (JsonValueKind.True or JsonValueKind.False);

    private static void Write(Utf8JsonWriter writer, JsonElement service)
    {
        if (service.ValueKind != JsonValueKind.Object)
        {
            service.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in service.EnumerateObject())
        {
            if (member.NameEquals("autostop") && member.Value.ValueKind is (JsonValueKind.True or JsonValueKind.False))
            {
                writer.WriteString("autostop", member.Value.GetBoolean() ? "stop" : "off");
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
