using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Operations.Tests.Tracing;

/// <summary>The other end of OTLP over HTTP: takes whatever comes.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    public Collector()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }

        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _ = TakeAsync();
    }

    public Uri Address { get; }

    /// <summary>What a daemon is started with so that it exports here, soon.</summary>
    public (string Name, string? Value)[] Environment =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Address.OriginalString),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "200"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    public IReadOnlyList<Span> Spans => [.. Of("/v1/traces").SelectMany(b => Span.Read(b))];

    /// <summary>Everything that came, as text: good enough to look for what must not be in it.</summary>
    public string Text => string.Concat(_received.Select(r => Encoding.Latin1.GetString(r.Body)));

    public IEnumerable<byte[]> Of(string path) => _received.Where(r => r.Path == path).Select(r => r.Body);

    public void Dispose() => _listener.Close();

    private async Task TakeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // closed
        }
    }
}
