using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Http;

/// <summary>An answer, rendered: nothing in it can change after the world's lock is given back.</summary>
internal sealed record Reply(int Status, ReadOnlyMemory<byte> Body, string ContentType = Reply.Json)
{
    public const string Json = "application/json; charset=utf-8";

    public static readonly Reply NoContent = new(204, default);

    public static readonly Reply Accepted = new(202, default);

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The whole length when it is more than <see cref="Body"/>: blanks fill it up, or the connection breaks instead.</summary>
    public long? FullLength { get; init; }

    /// <summary>Whether the connection breaks after <see cref="Body"/>.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>Whether <see cref="FullLength"/> is kept from the caller.</summary>
    public bool Unannounced { get; init; }

    /// <summary>The error's text for the call log.</summary>
    public string? Error { get; init; }

    public static Reply Ok(JsonNode body, int status = 200) => new(status, JsonSerializer.SerializeToUtf8Bytes(body));

    /// <param name="write">Must not make another reply meanwhile.</param>
    public static Reply Written(Action<Utf8JsonWriter> write) => new(200, Scratch.Write(write));

    public static Reply Refused(RefusedException refusal)
    {
        var body = refusal.Body ?? new JsonObject { ["error"] = refusal.Message };
        if (refusal.Code is not null)
        {
            body["status"] = refusal.Code;
        }

        return Ok(body, refusal.Status) with { Error = refusal.Message };
    }

    public static Reply Failed(int status, string error) =>
        Ok(new JsonObject { ["error"] = error }, status) with { Error = error };

    public static Reply Text(int status, string body, string contentType) =>
        new(status, Encoding.UTF8.GetBytes(body), contentType) { Error = body };

    public Reply WithHeader(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };
}
