using FlySim.Http;

namespace FlySim.Hosting;

/// <summary>A request that came over a socket.</summary>
internal sealed class SocketRequest(HttpRequest request)
    : SimRequest(request.Method, request.Path.Value ?? "/", request.QueryString.Value, request.HttpContext.RequestAborted)
{
    public override string? Header(string name) => request.Headers[name].FirstOrDefault();

    public override async Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }
}
