using System.Net;
using FlySim.Admin;
using FlySim.Hosting;
using FlySim.Worlds;

namespace FlySim;

/// <summary>The simulator as a real HTTP server inside this process.</summary>
public sealed class FlySimServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Platform _platform;

    private FlySimServer(WebApplication app, Platform platform, Uri baseAddress)
    {
        _app = app;
        _platform = platform;
        BaseAddress = baseAddress;
        Client = new FlySimClient(baseAddress);
    }

    /// <summary>Ends in a slash. The Machines API is under <c>v1/</c>, the registry under <c>v2/</c>, both on this address.</summary>
    public Uri BaseAddress { get; }

    /// <summary>To be used as <c>SUPABASE_URL</c>.</summary>
    public Uri SupabaseAddress => new(BaseAddress, "_supabase");

    public World World => _platform.World;

    /// <summary>What the world's people and accidents can do to it, without a request.</summary>
    public SimControl Control => _platform.Control;

    /// <summary>The admin API of this server.</summary>
    public FlySimClient Client { get; }

    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<FlySimServer> StartAsync(FlySimOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new FlySimOptions();
        var platform = new Platform(options);
        var app = Build(options, platform);
        await app.StartAsync(cancellationToken);
        var baseAddress = new Uri(app.Urls.Single() + "/");
        platform.World.OwnRegistry = baseAddress.Authority;
        return new FlySimServer(app, platform, baseAddress);
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

    private static WebApplication Build(FlySimOptions options, Platform platform)
    {
        // Empty: no settings files, no environment, no logs. What it does follows from its options alone.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Host), options.Port);
        });

        var app = builder.Build();
        app.Run(http => SocketHost.HandleAsync(http, platform));
        return app;
    }
}
