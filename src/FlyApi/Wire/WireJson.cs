using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FlyApi.Wire;

/// <summary>JSON in and out, by generated code only.</summary>
internal static class WireJson
{
    /// <exception cref="JsonException">Empty, no JSON, another shape, or a bare null.</exception>
    public static T Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class =>
        JsonSerializer.Deserialize(WithoutMark(body), type) ?? throw new JsonException("the answer is null");

    /// <exception cref="FlyApiException">A text in it is none: half of a surrogate pair, which Fly may have sent us in a member that we keep.</exception>
    public static byte[] Write<T>(T value, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.SerializeToUtf8Bytes(value, type);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FlyApiException(FlyErrorClass.Invalid, "json", null, "the request holds a text that is not Unicode (half of a surrogate pair)");
        }
    }

    /// <summary>For answers that say nothing beyond their status: empty or JSON is Fly's, a page of HTML is not.</summary>
    public static void RequireEmptyOrJson(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return;
        }

        var reader = new Utf8JsonReader(WithoutMark(body));
        while (reader.Read())
        {
            // Reading to the end is the check: the reader throws where the text stops being JSON.
        }
    }

    public static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> body) => body.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
