using OpenTelemetry.Metrics;
using Reconciler.Configuration;
using Reconciler.Hosting.Gauges;
using Reconciler.Telemetry;
using Reconciler.WebConsole;

namespace Reconciler.Hosting;

/// <summary>The web host around the daemon: probes, metrics, console, logs, shutdown.</summary>
internal static class DaemonHost
{
    /// <summary>Longer than the drain, so that the host does not cut it short; shorter than Fly's kill_timeout.</summary>
    private static readonly TimeSpan BeyondDrain = TimeSpan.FromSeconds(8);

    public static WebApplication Build(Settings settings, IReadOnlyList<string> warnings, IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
        var levels = new LogLevels();
        ((IConfigurationBuilder)builder.Configuration).Add(levels);
        builder.Logging.ClearProviders();
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        builder.Logging.AddJsonConsole();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (settings.Http.Bind is { } address)
            {
                kestrel.Listen(address, settings.Http.Port);
            }
            else
            {
                kestrel.ListenAnyIP(settings.Http.Port);
            }
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Loops.DrainTimeout + BeyondDrain);
        TelemetryExport.Add(builder.Services, builder.Configuration);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new LifecycleProbe(services.GetRequiredService<TimeProvider>(), LongestTurn(settings)));
        builder.Services.AddSingleton(services =>
        {
            services.GetRequiredService<MeterProvider>(); // it must listen before the series are begun at zero
            var telemetry = new ReconcilerTelemetry();
            DaemonGauges.RegisterInfo(telemetry, settings.Mode.ToString());
            return telemetry;
        });
        builder.Services.AddSingleton<ConsoleSource>();
        builder.Services.AddSingleton(services => new ConsoleEndpoints(
            services.GetRequiredService<ConsoleSource>(),
            settings.Console,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => new DaemonService(
            settings,
            warnings,
            services.GetRequiredService<LifecycleProbe>(),
            services.GetRequiredService<ReconcilerTelemetry>(),
            services.GetRequiredService<ConsoleSource>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<DaemonService>());
        builder.Services.AddHostedService(services => new LogLevelFile(
            configuration[LogLevelFile.PathVariable] is { Length: > 0 } path ? path : LogLevelFile.DefaultPath,
            levels,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<LogLevelFile>>()));

        var app = builder.Build();
        app.MapPrometheusScrapingEndpoint("/metrics");
        var probe = app.Services.GetRequiredService<LifecycleProbe>();
        app.MapGet("/healthz", context => AnswerAsync(context, probe.LivenessProblem()));
        app.MapGet("/readyz", context => AnswerAsync(context, probe.ReadinessProblem()));
        app.Services.GetRequiredService<ConsoleEndpoints>().Map(app);
        return app;
    }

    private static Task AnswerAsync(HttpContext context, string? problem)
    {
        context.Response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync((problem ?? "ok") + "\n", context.RequestAborted);
    }

    /// <summary>A turn may take as long as Fly's slowest answer with its retries.</summary>
    private static TimeSpan LongestTurn(Settings settings) => (settings.Fly.AttemptTimeout * 4) + settings.Loops.InformerInterval + TimeSpan.FromSeconds(60);
}
