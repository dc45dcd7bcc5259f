using FlySim.Http;

namespace FlySim.Hosting;

/// <summary>Serves a platform over Kestrel.</summary>
internal static class SocketHost
{
    public static async Task HandleAsync(HttpContext http, Platform platform)
    {
        var request = new SocketRequest(http.Request);
        if (await platform.AnswerAsync(request) is { } reply)
        {
            await WriteAsync(http, request, reply);
        }
        else
        {
            http.Abort();
        }
    }

    private static async Task WriteAsync(HttpContext http, SimRequest request, Reply reply)
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        if (request.RequestId is not null)
        {
            response.Headers["fly-request-id"] = request.RequestId;
        }

        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.Status == 204)
        {
            return;
        }

        if (!reply.Unannounced)
        {
            response.ContentLength = reply.FullLength ?? reply.Body.Length;
        }

        if (reply.Body.Length > 0)
        {
            response.ContentType = reply.ContentType;
        }

        if (reply.Body.Length > 0 && !HttpMethods.IsHead(request.Method))
        {
            await WriteBodyAsync(http, reply);
        }
    }

    private static async Task WriteBodyAsync(HttpContext http, Reply reply)
    {
        var body = http.Response.Body;
        await body.WriteAsync(reply.Body, CancellationToken.None);
        try
        {
            foreach (var piece in Filler.Of(reply))
            {
                await body.WriteAsync(piece, http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller has read enough.
        }

        // One that breaks off needs no more: Kestrel closes a connection whose answer is shorter than announced. An abort might
        // take the bytes back that are still on their way.
    }
}
