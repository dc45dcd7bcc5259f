using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Reconciler.Configuration;
using Reconciler.Telemetry;
using Reconciler.WebConsole;

namespace Reconciler.Hosting;

/// <summary>The web host around the daemon: probes, metrics, console, logs, shutdown.</summary>
internal static class DaemonHost
{
    /// <summary>Longer than the drain, so that the host does not cut it short; shorter than Fly's kill_timeout.</summary>
    private static readonly TimeSpan BeyondDrain = TimeSpan.FromSeconds(8);

    private static readonly string[] Meters = [ReconcilerTelemetry.Name, "FlyApi", "Store", "Npgsql", "System.Net.Http"];

    public static WebApplication Build(Settings settings, IReadOnlyList<string> warnings, IConfiguration configuration)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddConfiguration(configuration);
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
        AddTelemetry(builder);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services => new LifecycleProbe(services.GetRequiredService<TimeProvider>(), LongestTurn(settings)));
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
            services.GetRequiredService<ConsoleSource>(),
            services.GetRequiredService<IHostApplicationLifetime>(),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<DaemonService>());

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

    private static void AddTelemetry(WebApplicationBuilder builder)
    {
        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("fly-reconciler", serviceInstanceId: Environment.GetEnvironmentVariable("FLY_MACHINE_ID") ?? Environment.MachineName))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddRuntimeInstrumentation().AddPrometheusExporter());
        if (exportsOtlp)
        {
            telemetry.WithTracing(tracing => tracing.AddSource(ReconcilerTelemetry.Name, "FlyApi", "Npgsql")).UseOtlpExporter();
        }
    }
}
