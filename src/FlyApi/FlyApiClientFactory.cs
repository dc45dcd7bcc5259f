namespace FlyApi;

/// <summary>Builds the client. The handler is the port behind which a simulator may stand.</summary>
public static class FlyApiClientFactory
{
    /// <param name="options">Where Fly is and how patient to be.</param>
    /// <param name="handler">Sends the requests; a <c>SocketsHttpHandler</c> in production.</param>
    /// <param name="time">Every delay, timeout and limiter takes its time from here.</param>
    /// <param name="random">Jitter, in [0, 1).</param>
    /// <param name="telemetry">Counts calls; see <see cref="FlyApiTelemetry"/>.</param>
    public static (IFlyApi Api, IImageRegistry Registry) Create(
        FlyApiOptions options, HttpMessageHandler handler, TimeProvider time, Func<double> random, FlyApiTelemetry telemetry) =>
        throw new InvalidOperationException("written by the client's implementation");
}
