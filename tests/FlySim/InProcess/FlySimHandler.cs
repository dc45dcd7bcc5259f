using System.Net;
using System.Net.Http.Headers;
using FlySim.Admin;
using FlySim.Http;
using FlySim.Worlds;
using Microsoft.AspNetCore.Http.Features;

namespace FlySim.InProcess;

/// <summary>
/// The simulated platform behind a client's handler, without a server or sockets: the same routes, faults and answers, and
/// everything happens on the caller's thread and the world's clock. Requests to any host are taken.
/// </summary>
public sealed class FlySimHandler(World world) : HttpMessageHandler
{
    /// <summary>A fault that strikes just this request, before any rule of the world's.</summary>
    public static readonly HttpRequestOptionsKey<FaultRule> FaultKey = new("flysim.fault");

    private readonly Dispatcher _dispatcher = new(world);

    /// <summary>The operation that a request is for, as the call log names it, and whether it changes something.</summary>
    public static (string Name, bool Mutating) OperationOf(HttpRequestMessage request)
    {
        var operation = RouteMatcher.Find(request.Method.Method, request.RequestUri!.AbsolutePath, []).Operation;
        return (operation.Name, operation.Mutating);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var http = new DefaultHttpContext();
        var connection = new Connection(cancellationToken);
        http.Features.Set<IHttpRequestLifetimeFeature>(connection);
        var values = new RouteValueDictionary();
        var route = RouteMatcher.Find(request.Method.Method, request.RequestUri!.AbsolutePath, values);
        http.Request.RouteValues = values;
        await CopyAsync(request, http.Request, cancellationToken);
        request.Options.TryGetValue(FaultKey, out var fault);
        var body = new MemoryStream();
        http.Response.Body = body;

        // A caller that gives up sees so at once; what has begun on the other side goes on.
        await _dispatcher.HandleAsync(http, route.Operation, route.Handler, fault).WaitAsync(cancellationToken);
        return connection.IsAborted
            ? throw new HttpRequestException(HttpRequestError.ResponseEnded, "the connection broke before an answer")
            : ToMessage(http.Response, body.ToArray(), request);
    }

    private static async Task CopyAsync(HttpRequestMessage message, HttpRequest request, CancellationToken cancellationToken)
    {
        var uri = message.RequestUri!;
        request.Method = message.Method.Method;
        request.Scheme = uri.Scheme;
        request.Host = new HostString(uri.Authority);
        request.Path = PathString.FromUriComponent(uri);
        request.QueryString = QueryString.FromUriComponent(uri);
        foreach (var (name, value) in message.Headers.NonValidated)
        {
            request.Headers[name] = value.ToString();
        }

        if (message.Content is { } content)
        {
            request.ContentType = content.Headers.ContentType?.ToString();
            request.Body = new MemoryStream(await content.ReadAsByteArrayAsync(cancellationToken));
        }
    }

    private static HttpResponseMessage ToMessage(HttpResponse response, byte[] body, HttpRequestMessage request)
    {
        var content = new ByteArrayContent(body);
        var message = new HttpResponseMessage((HttpStatusCode)response.StatusCode) { Content = content, RequestMessage = request };
        foreach (var (name, value) in response.Headers)
        {
            if (name == "Content-Type")
            {
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(value.ToString());
            }
            else if (name == "Content-Length")
            {
                content.Headers.ContentLength = response.ContentLength; // as declared, whatever follows
            }
            else
            {
                message.Headers.TryAddWithoutValidation(name, value.ToString());
            }
        }

        return message;
    }

    /// <summary>What stands for the socket: either side may end it.</summary>
    private sealed class Connection(CancellationToken caller) : IHttpRequestLifetimeFeature
    {
        public bool IsAborted { get; private set; }

        public CancellationToken RequestAborted
        {
            get => caller;
            set => throw new NotSupportedException("the connection has one token");
        }

        public void Abort() => IsAborted = true;
    }
}
