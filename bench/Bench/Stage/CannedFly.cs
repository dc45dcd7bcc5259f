using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Bench.Stage;

/// <summary>A server with ready-made pages, so that its own work is next to nothing; and a bell that notes when it is rung.</summary>
internal sealed class CannedFly : IAsyncDisposable
{
    private readonly WebApplication _app;
    private volatile List<byte[]> _pages = [];
    private int _calls;

    private CannedFly(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>List calls answered since the last <see cref="Serve"/>.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Paths that were posted to: an exporter's, for example.</summary>
    public ConcurrentDictionary<string, bool> Posted { get; } = new();

    /// <summary>Raised when a request for <c>/bell</c> arrives, before it is answered.</summary>
    public event Action? Rung;

    public static async Task<CannedFly> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var fly = new CannedFly(app);
        app.Run(fly.AnswerAsync);
        await app.StartAsync();
        fly.Address = new Uri(app.Urls.Single());
        return fly;
    }

    public void Serve(List<byte[]> pages)
    {
        _pages = pages;
        Volatile.Write(ref _calls, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/bell")
        {
            Rung?.Invoke();
            return;
        }

        if (HttpMethods.IsPost(context.Request.Method))
        {
            Posted[context.Request.Path.Value!] = true;
            return;
        }

        Interlocked.Increment(ref _calls);
        var cursor = context.Request.Query["cursor"].ToString();
        var page = _pages[cursor.Length == 0 ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture) / Fleet.PageSize];
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = page.Length;
        await context.Response.BodyWriter.WriteAsync(page, context.RequestAborted);
    }
}
