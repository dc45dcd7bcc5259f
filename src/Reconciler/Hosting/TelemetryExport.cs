using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Reconciler.Telemetry;

namespace Reconciler.Hosting;

/// <summary>
/// What leaves the process: metrics for Prometheus always; metrics and traces by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// The other standard variables hold, too, <c>OTEL_TRACES_SAMPLER</c> among them.
/// </summary>
internal static class TelemetryExport
{
    private const string HttpClientMeter = "System.Net.Http";

    private static readonly string[] Meters = [ReconcilerTelemetry.Name, FlyApi.FlyApiTelemetry.Name, "Store", "Npgsql", HttpClientMeter];
    private static readonly string[] Sources = [ReconcilerTelemetry.Name, FlyApi.FlyApiTelemetry.Name, "Npgsql"];

    /// <summary>The host is not among them: every user's machine is a host of its own to the health probe.</summary>
    private static readonly MetricStreamConfiguration WithoutHosts = new()
    {
        TagKeys = ["http.request.method", "http.response.status_code", "error.type", "http.connection.state"],
    };

    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(Describe)
            .WithMetrics(static metrics => metrics
                .AddMeter(Meters)
                .AddRuntimeInstrumentation()
                .AddView(static instrument => instrument.Meter.Name == HttpClientMeter ? WithoutHosts : null)
                .AddPrometheusExporter());
        if (!string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.WithTracing(static tracing => tracing.AddSource(Sources)).UseOtlpExporter();
        }
    }

    private static void Describe(ResourceBuilder resource)
    {
        var version = typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3);
        var instance = Environment.GetEnvironmentVariable("FLY_MACHINE_ID") ?? Environment.MachineName;
        resource.AddService("fly-reconciler", serviceVersion: version, serviceInstanceId: instance);
        if (Environment.GetEnvironmentVariable("FLY_REGION") is { Length: > 0 } region)
        {
            resource.AddAttributes([new("cloud.provider", "fly_io"), new("cloud.region", region)]);
        }
    }
}
