using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace FlyApi.Tests.Support;

/// <summary>What a request looked like when it was sent.</summary>
internal sealed record Sent(HttpMethod Method, string Path, string? Body, IReadOnlyDictionary<string, string> Headers, DateTimeOffset At);

/// <summary>Stands where the network would: answers from a list (the last answer repeats) and remembers what was asked.</summary>
internal sealed class CannedHandler(TimeProvider time) : HttpMessageHandler
{
    private readonly ConcurrentQueue<Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();
    private readonly ConcurrentQueue<Sent> _sent = new();
    private Func<CancellationToken, Task<HttpResponseMessage>>? _last;

    public IReadOnlyList<Sent> Sent => [.. _sent];

    public CannedHandler Answer(
        HttpStatusCode status, string body = "", string contentType = "application/json", string? requestId = "req-1",
        params (string Name, string Value)[] headers) =>
        Answer(status, Encoding.UTF8.GetBytes(body), contentType, requestId, headers);

    public CannedHandler Answer(
        HttpStatusCode status, byte[] body, string contentType = "application/json", string? requestId = "req-1",
        params (string Name, string Value)[] headers)
    {
        _answers.Enqueue(_ =>
        {
            var response = new HttpResponseMessage(status) { Content = new ByteArrayContent(body) };
            response.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            if (requestId is not null)
            {
                response.Headers.TryAddWithoutValidation("fly-request-id", requestId);
            }

            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return Task.FromResult(response);
        });
        return this;
    }

    public CannedHandler Throw(Exception exception)
    {
        _answers.Enqueue(_ => Task.FromException<HttpResponseMessage>(exception));
        return this;
    }

    public CannedHandler Respond(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    /// <summary>Accepts the request and never answers.</summary>
    public CannedHandler Hang() => Respond(async cancellationToken =>
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("unreachable");
    });

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        var headers = request.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        _sent.Enqueue(new Sent(request.Method, request.RequestUri!.PathAndQuery, body, headers, time.GetUtcNow()));
        if (_answers.TryDequeue(out var next))
        {
            _last = next;
        }

        return await (_last ?? throw new InvalidOperationException("no answer was prepared"))(cancellationToken);
    }
}
