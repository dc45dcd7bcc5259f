using FlyApi.Limits;
using FlyApi.Registry;
using FlyApi.Transport;

namespace FlyApi;

/// <summary>Builds the client. The handler is the port behind which a simulator may stand.</summary>
public static class FlyApiClientFactory
{
    /// <param name="options">Where Fly is and how patient to be.</param>
    /// <param name="handler">Sends the requests; a <c>SocketsHttpHandler</c> in production, which should follow no redirects and
    /// may decompress. Stays the caller's to dispose.</param>
    /// <param name="time">Every delay, timeout and limiter takes its time from here.</param>
    /// <param name="random">Jitter, in [0, 1).</param>
    /// <param name="telemetry">Counts calls; see <see cref="FlyApiTelemetry"/>.</param>
    /// <exception cref="ArgumentException">An option out of range.</exception>
    public static (IFlyApi Api, IImageRegistry Registry) Create(
        FlyApiOptions options, HttpMessageHandler handler, TimeProvider time, Func<double> random, FlyApiTelemetry telemetry)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.RateLimitScale);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.AttemptTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxRetries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxResponseBytes);

        // An invoker, not HttpClient: it has no timeout, buffering or default headers of its own to switch off.
        var http = new HttpMessageInvoker(handler, disposeHandler: false);
        var limiter = new ActionRateLimiter(time, options.RateLimitScale);

        // Each host has its own circuit: a registry outage must not stop machines from being managed, nor the reverse.
        var api = new FlyTransport(
            options.BaseAddress, options.Token, FlyToken.ForApi, options.MaxResponseBytes, http,
            new FlyResilience(options, time, random, telemetry), limiter, time, telemetry);
        var registry = new FlyTransport(
            options.RegistryAddress, options.Token, FlyToken.ForRegistry, options.MaxResponseBytes, http,
            new FlyResilience(options, time, random, telemetry), limiter, time, telemetry);
        return (new FlyApiClient(api), new ImageRegistry(registry, options.RegistryAddress));
    }
}
