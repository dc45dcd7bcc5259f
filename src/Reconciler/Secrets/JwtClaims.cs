using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Reconciler.Secrets;

/// <summary>The claims of a Supabase key that is a JWT. The signature is not checked: only Supabase can, and the online look asks it.</summary>
internal sealed record JwtClaims(string? Role, string? ProjectRef, DateTimeOffset? ExpiresAt)
{
    private const int MaxLength = 8 * 1024;

    /// <summary>False when the text is not three base64url parts of which the first two are JSON objects.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JwtClaims? claims)
    {
        claims = null;
        var parts = text.Length <= MaxLength ? text.Split('.') : [];
        if (parts.Length != 3 || parts[2].Length == 0 || !Base64Url.IsValid(parts[2]))
        {
            return false;
        }

        using var header = ParseObject(parts[0]);
        using var payload = ParseObject(parts[1]);
        if (header is null || payload is null)
        {
            return false;
        }

        try
        {
            claims = new JwtClaims(Text(payload, "role"), Text(payload, "ref"), Instant(payload, "exp"));
            return true;
        }
        catch (InvalidOperationException)
        {
            // A claim whose name holds an escaped half of a surrogate pair: valid JSON, and no name to compare with.
            return false;
        }
    }

    private static JsonDocument? ParseObject(string part)
    {
        if (!Base64Url.IsValid(part))
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            // The exception quotes a part of the key, so it must not travel any further.
            return null;
        }
    }

    private static string? Text(JsonDocument payload, string name) =>
        payload.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && TryGetString(value, out var text)
            ? text
            : null;

    private static bool TryGetString(JsonElement value, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = value.GetString();
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is valid JSON and not a string.
            text = null;
        }

        return text is not null;
    }

    private static DateTimeOffset? Instant(JsonDocument payload, string name) =>
        payload.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(seconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
            : null;
}
