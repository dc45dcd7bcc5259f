using System.Text;
using System.Text.Json;

namespace FlyApi.Errors;

/// <summary>What a refusal's body says. Fly answers <c>{error, status?}</c>; leases <c>{status, message, code}</c>; proxies in front, HTML or nothing.</summary>
/// <param name="Code">The machine-readable <c>status</c>, for example <c>name_taken</c>.</param>
/// <param name="IsFlys">Fly's own word, not that of something between us: only then do 404 and 403 say anything about the object.</param>
internal readonly record struct FlyErrorBody(string? Code, string Text, bool IsFlys)
{
    /// <summary>Of a text, enough to classify and to quote it by: the phrases are looked for one after the other.</summary>
    private const int Readable = 8 * 1024;

    /// <param name="hasRequestId">Fly signs every answer with <c>fly-request-id</c>, so an empty one that carries it is Fly's.</param>
    public static FlyErrorBody Read(ReadOnlyMemory<byte> body, bool hasRequestId)
    {
        if (body.IsEmpty)
        {
            return new FlyErrorBody(null, "(empty answer)", hasRequestId);
        }

        try
        {
            // Only an object says anything, and a page of HTML need not be parsed to know that it is none.
            using var document = StartsAnObject(body.Span) ? JsonDocument.Parse(body) : null;
            if (document?.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                var code = Member(root, "status");
                if (Member(root, "error") is { } error)
                {
                    return new FlyErrorBody(code, error, IsFlys: true);
                }

                if (Member(root, "message") is { } message)
                {
                    return new FlyErrorBody(code, message, IsFlys: code is not null || hasRequestId);
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string in it is not UTF-8: below, the body is quoted as it came.
        }

        return new FlyErrorBody(null, Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, Readable)]), IsFlys: false);
    }

    private static bool StartsAnObject(ReadOnlySpan<byte> body) => body.TrimStart(" \t\r\n"u8).StartsWith((byte)'{');

    private static string? Member(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text.Length > Readable ? text[..Readable] : text
            : null;
}
