using System.Collections.Concurrent;
using System.Net;
using FlyApi.Calls;
using FlyApi.Errors;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace FlyApi.Transport;

/// <summary>
/// The one place that decides what is resent. Outside: the total time, then retries of what is safe to repeat. Inside, around
/// each attempt: the circuit breaker, then the attempt's own time. Between them the caller may wait for the rate limit, which is
/// our doing and must count neither as an attempt's slowness nor as a failure.
/// </summary>
internal sealed class FlyResilience
{
    /// <summary>The longest pause between attempts; when Fly asks for more, the caller is told and comes back later.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // Polly's defaults are 100 calls in 30 s at a failure ratio of 0.1 and 5 s; a small fleet makes few calls, so fewer decide,
    // and half of them must fail before everybody is held back.
    private static readonly TimeSpan SamplingTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(10);
    private const int MinimumThroughput = 20;
    private const double FailureRatio = 0.5;

    private static readonly ResiliencePropertyKey<FlyCall> CallKey = new("fly.call");

    /// <summary>Machines come and go; what is forgotten is counted once more.</summary>
    private const int MostKnown = 10_000;

    // A dozen apps that fail for ever are half of a quiet fleet's calls: each speaks once, and not again before it was answered.
    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);
    private readonly CircuitBreakerStateProvider _circuit = new();
    private readonly FlyApiOptions _options;
    private readonly FlyApiTelemetry _telemetry;
    private readonly ResiliencePipeline _call;
    private readonly ResiliencePipeline _attempt;
    private readonly ResiliencePipeline _uncounted;

    public FlyResilience(FlyApiOptions options, TimeProvider time, Func<double> random, FlyApiTelemetry telemetry)
    {
        _options = options;
        _telemetry = telemetry;

        var call = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => new(TotalTime(CallOf(args.Context))) });
        if (options.MaxRetries > 0)
        {
            call.AddRetry(Retry(options, random));
        }

        _call = call.Build();
        _uncounted = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => new(AttemptTime(CallOf(args.Context))) })
            .Build();
        _attempt = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddCircuitBreaker(Breaker(_circuit))
            .AddPipeline(_uncounted)
            .Build();
    }

    /// <summary>Runs one call with its retries.</summary>
    /// <returns>What <paramref name="attempt"/> gave last, or that the whole call took too long; never thrown.</returns>
    public ValueTask<Outcome<T>> CallAsync<T>(
        FlyCall call, Func<CancellationToken, ValueTask<Outcome<T>>> attempt, CancellationToken cancellationToken) =>
        RunAsync(_call, call, attempt, cancellationToken);

    /// <summary>Runs one attempt under the breaker and the attempt's time.</summary>
    /// <returns>What <paramref name="send"/> gave, a timeout, or an open circuit; never thrown.</returns>
    public async ValueTask<Outcome<T>> AttemptAsync<T>(
        FlyCall call, Func<CancellationToken, ValueTask<Outcome<T>>> send, CancellationToken cancellationToken)
    {
        var counts = !_known.ContainsKey(call.LimitedBy) || _circuit.CircuitState != CircuitState.Closed;
        var outcome = await RunAsync(counts ? _attempt : _uncounted, call, send, cancellationToken);
        if (outcome.Exception is null)
        {
            _known.TryRemove(call.LimitedBy, out _);
        }
        else if (outcome.Exception is FlyApiException { Detail: not FlyErrorDetail.CircuitOpen } failure)
        {
            Remember(call.LimitedBy, IsOutage(failure));
        }

        return outcome;
    }

    private void Remember(string whose, bool failed)
    {
        if (!failed)
        {
            _known.TryRemove(whose, out _);
        }
        else if (whose.Length > 0)
        {
            if (_known.Count >= MostKnown)
            {
                _known.Clear();
            }

            _known.TryAdd(whose, true);
        }
    }

    private async ValueTask<Outcome<T>> RunAsync<T>(
        ResiliencePipeline pipeline, FlyCall call, Func<CancellationToken, ValueTask<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallKey, call);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, work) => GuardAsync(work, context.CancellationToken), context, work);
            return outcome.Exception switch
            {
                TimeoutRejectedException timeout => Outcome.FromException<T>(TimedOut(call, timeout)),
                BrokenCircuitException broken => Outcome.FromException<T>(NotSent(call, broken)),
                _ => outcome,
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Strategies must see every exception as an outcome: what is thrown past them is not counted, timed or retried.</summary>
    private static async ValueTask<Outcome<T>> GuardAsync<T>(Func<CancellationToken, ValueTask<Outcome<T>>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(cancellationToken);
        }
        catch (Exception exception)
        {
            return Outcome.FromException<T>(exception);
        }
    }

    private FlyApiException TimedOut(FlyCall call, TimeoutRejectedException timeout)
    {
        _telemetry.RequestUnanswered(call.Operation, "timeout");
        return new FlyApiException(
            FlyErrorClassifier.Unclear(call.Repeatable), call.Operation, null, $"no complete answer within {timeout.Timeout.TotalSeconds:0.#} s");
    }

    private FlyApiException NotSent(FlyCall call, BrokenCircuitException broken)
    {
        _telemetry.RequestUnanswered(call.Operation, "circuit_open");
        return new FlyApiException(
            FlyErrorClass.Transient, call.Operation, null, "not sent: most recent calls failed, so calls pause for a moment",
            detail: FlyErrorDetail.CircuitOpen, retryAfter: broken.RetryAfter);
    }

    private RetryStrategyOptions Retry(FlyApiOptions options, Func<double> random) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        Delay = options.RetryDelay,
        MaxDelay = LongestPause,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Randomizer = random,
        ShouldHandle = args => new(IsWorthRepeating(CallOf(args.Context), args.Outcome.Exception)),
        DelayGenerator = static args => new(
            args.Outcome.Exception is FlyApiException { RetryAfter: { } asked } && asked > TimeSpan.Zero ? asked : (TimeSpan?)null),
        OnRetry = args =>
        {
            _telemetry.Retried(CallOf(args.Context).Operation);
            return default;
        },
    };

    private static CircuitBreakerStrategyOptions Breaker(CircuitBreakerStateProvider state) => new()
    {
        StateProvider = state,
        SamplingDuration = SamplingTime,
        BreakDuration = BreakTime,
        MinimumThroughput = MinimumThroughput,
        FailureRatio = FailureRatio,
        ShouldHandle = static args => new(IsOutage(args.Outcome.Exception)),
    };

    private static bool IsWorthRepeating(FlyCall call, Exception? exception) =>
        call.Repeatable
        && exception is FlyApiException
        {
            Class: FlyErrorClass.Transient or FlyErrorClass.Throttled,
            Detail: not FlyErrorDetail.CircuitOpen,
        } failure
        && !(failure.RetryAfter > LongestPause)
        && !IsAnswerOfLongPoll(call, failure);

    // What else is a timeout is here the answer: the state was not reached.
    private static bool IsAnswerOfLongPoll(FlyCall call, FlyApiException failure) =>
        call.LongPoll > TimeSpan.Zero && failure.Status is HttpStatusCode.RequestTimeout;

    // 429 is one machine's or app's limit, and 4xx is about one request: neither says that Fly is down.
    private static bool IsOutage(Exception? exception) => exception is TimeoutRejectedException
        || exception is FlyApiException { Class: FlyErrorClass.Transient or FlyErrorClass.AmbiguousOutcome } failure
            && (failure.Status is null || (int)failure.Status >= 500);

    private TimeSpan AttemptTime(FlyCall call) => _options.AttemptTimeout + call.LongPoll;

    private TimeSpan TotalTime(FlyCall call) => call.LongPoll > TimeSpan.Zero
        ? AttemptTime(call)
        : ((_options.MaxRetries + 1) * _options.AttemptTimeout) + (_options.MaxRetries * LongestPause);

    private static FlyCall CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);
}
