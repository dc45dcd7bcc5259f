using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace FlyApi.Tests.Support;

/// <summary>The client over the real transport, with the one answer that a test prepares for the next call; made for millions of calls.</summary>
internal sealed class OneAnswerFly : HttpMessageHandler
{
    public const string Token = "fm2_Tokn3xampleQqWwEe";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FlyApiTelemetry _telemetry = new();
    private Func<HttpResponseMessage> _answer = static () => new HttpResponseMessage();

    public OneAnswerFly() => (Api, Registry) = FlyApiClientFactory.Create(
        new FlyApiOptions
        {
            BaseAddress = new Uri("https://api.machines.dev"),
            RegistryAddress = new Uri("https://registry.fly.io"),
            Token = static () => "FlyV1 " + Token,
            MaxRetries = 0,
            RateLimitScale = 1e6,
        },
        this, _time, static () => 0.5, _telemetry);

    public IFlyApi Api { get; }

    public IImageRegistry Registry { get; }

    /// <summary>What the call threw; null when it was content. Nothing but the documented exception leaves the client.</summary>
    public FlyApiException? Call(HttpStatusCode status, HttpContent content, Func<OneAnswerFly, Task> call, params (string Name, string Value)[] headers)
    {
        _answer = () =>
        {
            var response = new HttpResponseMessage(status) { Content = content };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value);
            }

            return response;
        };
        _time.Advance(TimeSpan.FromMinutes(1)); // past the breaker's memory and every rate limit
        try
        {
            var task = call(this);
            Assert.True(task.IsCompleted, "the call waits for a clock that stands");
            task.GetAwaiter().GetResult();
            return null;
        }
        catch (FlyApiException failure)
        {
            return failure;
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = _answer();
        answer.RequestMessage = request;
        return Task.FromResult(answer);
    }

    protected override void Dispose(bool disposing)
    {
        _telemetry.Dispose();
        base.Dispose(disposing);
    }
}
