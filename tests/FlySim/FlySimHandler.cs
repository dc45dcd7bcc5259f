using System.Net;
using FlySim.Admin;
using FlySim.Hosting;
using FlySim.Http;

namespace FlySim;

/// <summary>
/// The simulator inside the process: what a socket to <see cref="FlySimServer"/> would answer, without the socket. Runs on the
/// caller's thread unless a request has to wait, and waits only on the clock of its options, so a run can be repeated exactly.
/// </summary>
public sealed class FlySimHandler : HttpMessageHandler
{
    /// <summary>A fault for one request, chosen by its sender; it wins over the world's rules.</summary>
    public static readonly HttpRequestOptionsKey<FaultRule> FaultKey = new("FlySim.Fault");

    private readonly Platform _platform;

    internal FlySimHandler(Platform platform) => _platform = platform;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var address = request.RequestUri is { IsAbsoluteUri: true } uri
            ? uri
            : throw new InvalidOperationException("the request needs an absolute address");
        var taken = new MessageRequest(request, address, cancellationToken);
        var answer = _platform.AnswerAsync(taken);
        try
        {
            // A caller that gives up leaves at once; what it began goes on without it.
            var reply = answer.IsCompleted ? await answer : await answer.WaitAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return reply is null ? throw Broken() : Message(request, taken, reply);
        }
        catch (Exception problem) when (problem is not OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            throw new TaskCanceledException("The request was canceled.", problem, cancellationToken);
        }
    }

    private static HttpResponseMessage Message(HttpRequestMessage request, SimRequest taken, Reply reply)
    {
        var message = new HttpResponseMessage((HttpStatusCode)reply.Status) { RequestMessage = request };
        if (taken.RequestId is { } id)
        {
            message.Headers.TryAddWithoutValidation("fly-request-id", id);
        }

        foreach (var (name, value) in reply.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (reply.Status == 204)
        {
            return message;
        }

        HttpContent content = request.Method == HttpMethod.Head ? new ReadOnlyMemoryContent(default)
            : reply.FullLength is not null ? new OddContent(reply)
            : new ReadOnlyMemoryContent(reply.Body);
        if (!reply.Unannounced)
        {
            content.Headers.ContentLength = reply.FullLength ?? reply.Body.Length;
        }

        if (reply.Body.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", reply.ContentType);
        }

        message.Content = content;
        return message;
    }

    // What SocketsHttpHandler makes of a connection that ends before the answer.
    private static HttpRequestException Broken() => new(
        HttpRequestError.ResponseEnded,
        "An error occurred while sending the request.",
        new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely."));
}
