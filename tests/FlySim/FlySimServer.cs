using System.Net;
using FlySim.Admin;
using FlySim.Http;
using FlySim.Worlds;

namespace FlySim;

/// <summary>The simulator as a real HTTP server inside this process.</summary>
public sealed class FlySimServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FlySimServer(WebApplication app, World world, Uri baseAddress)
    {
        _app = app;
        World = world;
        BaseAddress = baseAddress;
        Client = new FlySimClient(baseAddress);
    }

    /// <summary>Ends in a slash. The Machines API is under <c>v1/</c>, the registry under <c>v2/</c>, both on this address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>To be used as <c>SUPABASE_URL</c>.</summary>
    public Uri SupabaseAddress => new(BaseAddress, "_supabase");

    public World World { get; }

    /// <summary>The admin API of this server.</summary>
    public FlySimClient Client { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<FlySimServer> StartAsync(FlySimOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FlySimOptions();
        var world = new World(options);
        var app = Build(options, world);
        await app.StartAsync(cancellationToken);
        var baseAddress = new Uri(app.Urls.Single() + "/");
        world.OwnRegistry = baseAddress.Authority;
        return new FlySimServer(app, world, baseAddress);
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // Requests held open by a fault must not hold up the end of a test.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // What an impatient stop is answered with; the listener is closed all the same.
        }

        await _app.DisposeAsync();
    }

    private static WebApplication Build(FlySimOptions options, World world)
    {
        // Empty: no settings files, no environment, no logs. What it does follows from its options alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        });

        var app = builder.Build();
        var dispatcher = new Dispatcher(world);
        foreach (var route in Routes.All)
        {
            Map(app, route, dispatcher);
        }

        AdminEndpoints.Map(app, world);
        RequestDelegate unknown = http => RunAsync(http, Routes.Fallback(http.Request.Method), dispatcher);
        app.MapFallback("/{**path}", unknown);
        return app;
    }

    private static void Map(WebApplication app, ApiRoute route, Dispatcher dispatcher)
    {
        RequestDelegate run = http => RunAsync(http, route, dispatcher);
        app.MapMethods(route.Pattern, [route.Method], run);
    }

    private static Task RunAsync(HttpContext http, ApiRoute route, Dispatcher dispatcher) =>
        dispatcher.HandleAsync(http, route.Operation, route.Handler);
}
