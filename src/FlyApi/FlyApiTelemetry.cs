using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace FlyApi;

/// <summary>The client's instruments and spans, all named <c>FlyApi</c>. No label and no span name holds an app, a machine or a user.</summary>
public sealed class FlyApiTelemetry : IDisposable
{
    public const string Name = "FlyApi";

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly ActivitySource _spans = new(Name);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _limiterWait;

    /// <param name="meters">Makes (and then owns) the meter; without one a meter of its own is made.</param>
    public FlyApiTelemetry(IMeterFactory? meters = null)
    {
        _ownsMeter = meters is null;
        _meter = meters?.Create(Name) ?? new Meter(Name);
        _requests = _meter.CreateCounter<long>("fly_api_requests", "{request}", "Requests sent, by operation and HTTP status.");
        _retries = _meter.CreateCounter<long>("fly_api_retries", "{request}", "Requests that repeat one that failed.");

        // Buckets in seconds: Fly answers in tens of milliseconds, creates take seconds, waits up to a minute.
        var buckets = new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60],
        };
        _duration = _meter.CreateHistogram("fly_api_request_duration", "s", "Time from sending a request to its last byte.", advice: buckets);
        _limiterWait = _meter.CreateHistogram("fly_api_limiter_wait", "s", "Time a call waited to stay within Fly's limits.", advice: buckets);
    }

    public void Dispose()
    {
        _spans.Dispose();
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    /// <param name="status">The HTTP status, or a word where none came (<c>timeout</c>, <c>no_answer</c>, <c>circuit_open</c>).</param>
    internal void RequestDone(string operation, string status, TimeSpan duration)
    {
        _requests.Add(1, new("operation", operation), new("status", status));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
    }

    internal void RequestUnanswered(string operation, string reason) =>
        _requests.Add(1, new("operation", operation), new("status", reason));

    internal void Retried(string operation) => _retries.Add(1, new KeyValuePair<string, object?>("operation", operation));

    internal void LimiterWaited(string operation, TimeSpan wait)
    {
        if (wait > TimeSpan.Zero)
        {
            _limiterWait.Record(wait.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    /// <summary>Tells this client's instruments from another's of the same name.</summary>
    internal bool Owns(Instrument instrument) => ReferenceEquals(instrument.Meter, _meter);

    internal Activity? StartCall(string operation, string method) =>
        _spans.StartActivity($"fly {operation}", ActivityKind.Client)?.SetTag("http.request.method", method);

    internal static void Answered(Activity span, int status, string? requestId) =>
        span.SetTag("http.response.status_code", status).SetTag("fly.request_id", requestId);

    internal static void Failed(Activity? span, FlyApiException exception) =>
        span?.SetTag("error.type", exception.Class.ToString()).SetStatus(ActivityStatusCode.Error, exception.Text);
}
