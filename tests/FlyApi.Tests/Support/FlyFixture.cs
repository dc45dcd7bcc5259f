using Microsoft.Extensions.Time.Testing;

namespace FlyApi.Tests.Support;

/// <summary>A client over a canned handler and a clock that moves only when a test moves it.</summary>
internal sealed class FlyFixture : IDisposable
{
    public const string Token = "FlyV1 fm2_test-token-value,fm2_discharge-token-value";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public FlyFixture(Func<FlyApiOptions, FlyApiOptions>? configure = null, double jitter = 0.5)
    {
        Handler = new CannedHandler(Time);
        var options = new FlyApiOptions
        {
            BaseAddress = new Uri("https://api.machines.dev"),
            RegistryAddress = new Uri("https://registry.fly.io"),
            Token = () => Token,
        };
        (Api, Registry) = FlyApiClientFactory.Create(configure?.Invoke(options) ?? options, Handler, Time, () => jitter, Telemetry);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 1, 0, 0, 0, TimeSpan.Zero));

    public CannedHandler Handler { get; }

    public FlyApiTelemetry Telemetry { get; } = new();

    public IFlyApi Api { get; }

    public IImageRegistry Registry { get; }

    public void Dispose()
    {
        Telemetry.Dispose();
        Handler.Dispose();
    }

    /// <summary>Moves the clock until the call has finished; tests say nothing about how long that takes.</summary>
    public async Task<T> Finish<T>(Task<T> call)
    {
        await Finish((Task)call);
        return await call;
    }

    public async Task Finish(Task call)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!call.IsCompleted)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Deadline, "the call never finished");
            Time.Advance(Step);
            await Task.WhenAny(call, Task.Delay(1));
        }

        await call;
    }

    public async Task<FlyApiException> Fails(Task call) => await Assert.ThrowsAsync<FlyApiException>(() => Finish(call));
}
