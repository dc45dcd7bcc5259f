using System.Diagnostics;
using System.Diagnostics.Metrics;
using FlyApi.Calls;

namespace FlyApi;

/// <summary>
/// The client's instruments and spans, all named <c>FlyApi</c>. No label and no span name holds an app, a machine or a user. The
/// same calls are also counted under client-go's names (<c>rest_client_*</c>), so that boards made for controllers work.
/// </summary>
public sealed class FlyApiTelemetry : IDisposable
{
    public const string Name = "FlyApi";

    /// <summary>Seconds: Fly answers in tens of milliseconds, creates take seconds, waits up to a minute.</summary>
    private static readonly InstrumentAdvice<double> CallSeconds = new()
    {
        HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60],
    };

    /// <summary>Seconds, as controller-runtime registers them.</summary>
    private static readonly InstrumentAdvice<double> RestSeconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60],
    };

    private readonly Meter _meter;
    private readonly bool _ownsMeter;
    private readonly ActivitySource _spans = new(Name);
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Histogram<double> _duration;
    private readonly Counter<double> _limiterWait;
    private readonly Counter<long> _restRequests;
    private readonly Histogram<double> _restDuration;
    private readonly Histogram<double> _restLimiter;

    /// <param name="meters">Makes (and then owns) the meter; without one a meter of its own is made.</param>
    public FlyApiTelemetry(IMeterFactory? meters = null)
    {
        _ownsMeter = meters is null;
        _meter = meters?.Create(Name) ?? new Meter(Name);
        _requests = _meter.CreateCounter<long>("fly_api_requests", "{request}", "Requests sent, by operation and HTTP status.");
        _retries = _meter.CreateCounter<long>("fly_api_retries", "{request}", "Requests that repeat one that failed.");
        _duration = _meter.CreateHistogram("fly_api_request_duration", "s", "Time from sending a request to its last byte.", advice: CallSeconds);
        _limiterWait = _meter.CreateCounter<double>("fly_api_limiter_wait", "s", "Time that calls waited to stay within Fly's limits.");
        _restRequests = _meter.CreateCounter<long>("rest_client_requests", "{request}", "Requests answered or cut off, by status, method and host.");
        _restDuration = _meter.CreateHistogram("rest_client_request_duration", "s", "Time from sending a request to its last byte.", advice: RestSeconds);
        _restLimiter = _meter.CreateHistogram(
            "rest_client_rate_limiter_duration", "s", "Time a call waited for the client-side limiter, no wait included.", advice: RestSeconds);

        // A series that begins at zero is one that an alert can see rise.
        foreach (var operation in FlyOperations.All)
        {
            _retries.Add(0, new KeyValuePair<string, object?>("operation", operation));
            _limiterWait.Add(0, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    public void Dispose()
    {
        _spans.Dispose();
        if (_ownsMeter)
        {
            _meter.Dispose();
        }
    }

    /// <param name="call">What was sent.</param>
    /// <param name="host">To whom; one of the two that the options name.</param>
    /// <param name="status">The HTTP status, or a word where none came (<c>timeout</c>, <c>no_answer</c>, <c>circuit_open</c>).</param>
    /// <param name="duration">From sending to the last byte.</param>
    internal void RequestDone(FlyCall call, string host, string status, TimeSpan duration)
    {
        _requests.Add(1, new("operation", call.Operation), new("status", status));
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("operation", call.Operation));
        _restRequests.Add(1, new("code", status), new("method", call.Method.Method), new("host", host));
        _restDuration.Record(duration.TotalSeconds, new("verb", call.Method.Method), new("host", host));
    }

    internal void RequestUnanswered(string operation, string reason) =>
        _requests.Add(1, new("operation", operation), new("status", reason));

    internal void Retried(string operation) => _retries.Add(1, new KeyValuePair<string, object?>("operation", operation));

    internal void LimiterWaited(FlyCall call, string host, TimeSpan wait)
    {
        _restLimiter.Record(Math.Max(0, wait.TotalSeconds), new("verb", call.Method.Method), new("host", host));
        if (wait > TimeSpan.Zero)
        {
            _limiterWait.Add(wait.TotalSeconds, new KeyValuePair<string, object?>("operation", call.Operation));
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
