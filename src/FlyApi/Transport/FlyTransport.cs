using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using FlyApi.Calls;
using FlyApi.Errors;
using FlyApi.Limits;
using Polly;

namespace FlyApi.Transport;

/// <summary>
/// Sends calls and turns every bad outcome into a <see cref="FlyApiException"/>: refusals, lost connections and answers that cannot be read.
/// Between the socket and the caller it travels as a value and is thrown once: thrown and caught again by each of the layers between, it
/// would cost more than the rest of a failed call.
/// </summary>
internal sealed class FlyTransport(
    Uri baseAddress,
    Func<string> token,
    Func<string, AuthenticationHeaderValue> authorise,
    int maxResponseBytes,
    HttpMessageInvoker http,
    FlyResilience resilience,
    ActionRateLimiter limiter,
    TimeProvider time,
    FlyApiTelemetry telemetry)
{
    private const string RequestIdHeader = "fly-request-id";
    private const string LeaseNonceHeader = "fly-machine-lease-nonce";
    private static readonly ProductInfoHeaderValue UserAgent = new("FlyApi", "1.0");
    private readonly string _base = baseAddress.AbsoluteUri.TrimEnd('/');

    public async Task<T> SendAsync<T>(FlyCall call, ReadAnswer<T> read, CancellationToken cancellationToken)
    {
        using var span = telemetry.StartCall(call.Operation, call.Method.Method);

        // The first turn is awaited outside the total time: a queue of our own making is not Fly being slow.
        await AwaitTurnAsync(call, cancellationToken);
        var isFirst = true;
        var outcome = await resilience.CallAsync<T>(
            call,
            async attemptToken =>
            {
                if (!isFirst)
                {
                    await AwaitTurnAsync(call, attemptToken);
                }

                isFirst = false;
                return await resilience.AttemptAsync<T>(call, inner => AttemptAsync(call, read, span, inner), attemptToken);
            },
            cancellationToken);
        if (outcome.Exception is FlyApiException failure)
        {
            FlyApiTelemetry.Failed(span, failure);
        }

        outcome.ThrowIfException();
        return outcome.Result!;
    }

    private async Task AwaitTurnAsync(FlyCall call, CancellationToken cancellationToken)
    {
        if (call.Limit is { } limit)
        {
            telemetry.LimiterWaited(call, baseAddress.Host, await limiter.WaitAsync(call.Operation, call.LimitedBy, limit, cancellationToken));
        }
    }

    private async ValueTask<Outcome<T>> AttemptAsync<T>(FlyCall call, ReadAnswer<T> read, Activity? span, CancellationToken cancellationToken)
    {
        var configured = token();
        if (FlyToken.Problem(configured) is { } problem)
        {
            return Outcome.FromException<T>(new FlyApiException(FlyErrorClass.Unauthorised, call.Operation, null, problem));
        }

        using var request = Compose(call, configured);
        var redaction = new Redaction(call, configured, request.Headers.Authorization?.Parameter);
        var started = time.GetTimestamp();
        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(request, cancellationToken);
            using var body = await PooledBody.ReadAsync(response.Content, maxResponseBytes, cancellationToken);
            Answered(call, response, redaction, span, started);
            return response.IsSuccessStatusCode
                ? Read(call, read, response, body, redaction)
                : Outcome.FromException<T>(Refused(call, response, body, redaction));
        }
        catch (Exception exception) when (IsTransportFailure(exception, cancellationToken))
        {
            return Outcome.FromException<T>(
                cancellationToken.IsCancellationRequested
                    ? new OperationCanceledException(cancellationToken)
                    : Lost(call, response, exception, redaction, started));
        }
        finally
        {
            response?.Dispose();
        }
    }

    private HttpRequestMessage Compose(FlyCall call, string configured)
    {
        var request = new HttpRequestMessage(call.Method, _base + call.Path);
        request.Headers.Authorization = authorise(configured);
        request.Headers.UserAgent.Add(UserAgent);
        request.Headers.TryAddWithoutValidation("Accept", call.Accept);
        if (call.LeaseNonce is { } nonce)
        {
            request.Headers.TryAddWithoutValidation(LeaseNonceHeader, nonce);
        }

        if (call.Body is { } body)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        return request;
    }

    private static Outcome<T> Read<T>(FlyCall call, ReadAnswer<T> read, HttpResponseMessage response, PooledBody body, Redaction redaction)
    {
        try
        {
            return Outcome.FromResult(read(new FlyAnswer(response.StatusCode, body.Memory.Span, response)));
        }
        catch (RefusedInBodyException)
        {
            var error = FlyErrorBody.Read(body.Memory, hasRequestId: true);
            return Outcome.FromException<T>(Failure(call, response, FlyErrorClassifier.ClassifyFailedStart(error), error.Text, redaction));
        }

        // Utf8JsonReader reports text that is not UTF-8 as InvalidOperationException.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            var verdict = new FlyVerdict(FlyErrorClassifier.Unclear(call.Repeatable), FlyErrorDetail.UnreadableAnswer);
            var text = body.Length == 0 ? "the answer is empty" : $"the answer is not the documented one: {exception.Message}";
            return Outcome.FromException<T>(Failure(call, response, verdict, text, redaction));
        }
    }

    private FlyApiException Refused(FlyCall call, HttpResponseMessage response, PooledBody body, Redaction redaction)
    {
        var error = FlyErrorBody.Read(body.Memory, HasRequestId(response));
        var verdict = FlyErrorClassifier.Classify(call.Operation, call.Repeatable, response.StatusCode, error);
        if (verdict.Class is FlyErrorClass.Throttled && call.Limit is { } limit)
        {
            limiter.Drain(call.Operation, call.LimitedBy, limit);
        }

        return Failure(call, response, verdict, error.Text, redaction, RetryAfter.Read(response, time));
    }

    private FlyApiException Lost(FlyCall call, HttpResponseMessage? response, Exception exception, Redaction redaction, long started)
    {
        telemetry.RequestDone(call, baseAddress.Host, "no_answer", time.GetElapsedTime(started));

        // These two happen before a connection stands, so nothing was sent: even a create may be planned again.
        var neverSent = exception is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
        };
        var verdict = exception switch
        {
            BodyTooLargeException => new FlyVerdict(FlyErrorClassifier.Unclear(call.Repeatable), FlyErrorDetail.UnreadableAnswer),
            _ => new FlyVerdict(neverSent ? FlyErrorClass.Transient : FlyErrorClassifier.Unclear(call.Repeatable)),
        };
        var text = exception is BodyTooLargeException
            ? $"the answer is larger than {maxResponseBytes} bytes"
            : $"the connection failed: {exception.Message}";

        // Without the inner exception: its text can quote the other side and would escape the cleaning.
        return new FlyApiException(
            verdict.Class, call.Operation, exception is BodyTooLargeException ? response?.StatusCode : null, redaction.Clean(text),
            response is null ? null : RequestId(response, redaction), verdict.Detail);
    }

    private static FlyApiException Failure(
        FlyCall call, HttpResponseMessage response, FlyVerdict verdict, string text, Redaction redaction, TimeSpan? retryAfter = null) =>
        new(verdict.Class, call.Operation, response.StatusCode, redaction.Clean(text),
            RequestId(response, redaction), verdict.Detail, retryAfter, verdict.ExistingMachineId);

    private void Answered(FlyCall call, HttpResponseMessage response, Redaction redaction, Activity? span, long started)
    {
        var status = (int)response.StatusCode;
        telemetry.RequestDone(call, baseAddress.Host, status.ToString(CultureInfo.InvariantCulture), time.GetElapsedTime(started));
        if (span is not null)
        {
            FlyApiTelemetry.Answered(span, status, RequestId(response, redaction));
        }
    }

    private static string? RequestId(HttpResponseMessage response, Redaction redaction) =>
        response.Headers.TryGetValues(RequestIdHeader, out var values) && values.FirstOrDefault() is { Length: > 0 } id
            ? redaction.Clean(id)
            : null;

    private static bool HasRequestId(HttpResponseMessage response) =>
        response.Headers.TryGetValues(RequestIdHeader, out var values) && values.FirstOrDefault() is { Length: > 0 };

    // A cancellation that nobody asked for is the handler giving up; InvalidData is a broken compressed body.
    private static bool IsTransportFailure(Exception exception, CancellationToken cancellationToken) => exception is
        HttpRequestException or IOException or SocketException or InvalidDataException or BodyTooLargeException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);
}
