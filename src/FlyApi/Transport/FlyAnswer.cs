using System.Net;
using System.Net.Http.Headers;

namespace FlyApi.Transport;

/// <summary>A complete 2xx answer. The body lies in a pooled buffer and is gone after the call: copy what is to be kept.</summary>
internal readonly ref struct FlyAnswer(HttpStatusCode status, ReadOnlySpan<byte> body, HttpResponseMessage message)
{
    public HttpStatusCode Status { get; } = status;

    public ReadOnlySpan<byte> Body { get; } = body;

    public HttpResponseHeaders Headers => message.Headers;

    public string? MediaType => message.Content.Headers.ContentType?.MediaType;
}

/// <summary>Makes the result from an answer; throws <see cref="System.Text.Json.JsonException"/> when it is not the documented one.</summary>
internal delegate T ReadAnswer<out T>(FlyAnswer answer);

/// <summary>Thrown while reading a success that says that it is none: a start answered with 200 and status "error".</summary>
internal sealed class RefusedInBodyException : Exception;
