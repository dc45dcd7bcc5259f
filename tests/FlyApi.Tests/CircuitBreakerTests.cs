using System.Net;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class CircuitBreakerTests
{
    private const int Enough = 30;

    [Fact]
    public async Task A_run_of_server_errors_opens_the_circuit_and_calls_fail_without_being_sent()
    {
        using var fly = Fixture();
        fly.Handler.Answer(HttpStatusCode.InternalServerError);
        await Fail(fly);
        var sent = fly.Handler.Sent.Count;

        var failure = await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.GetMachineAsync("app", "last", default));

        Assert.Equal((FlyErrorClass.Transient, FlyErrorDetail.CircuitOpen), (failure.Class, failure.Detail));
        Assert.True(sent < Enough);
        Assert.Equal(sent, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task An_app_that_fails_for_ever_does_not_open_it_for_the_others()
    {
        using var fly = Fixture();
        fly.Handler.Answer(HttpStatusCode.InternalServerError);
        for (var i = 0; i < Enough; i++)
        {
            fly.Time.Advance(TimeSpan.FromSeconds(1)); // past the rate limit
            await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.GetMachineAsync("app", "the same", default));
        }

        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);

        Assert.NotNull(await fly.Api.GetMachineAsync("app", "another", default));
    }

    [Fact]
    public async Task The_circuit_closes_again_after_a_success()
    {
        using var fly = Fixture();
        fly.Handler.Answer(HttpStatusCode.InternalServerError);
        await Fail(fly);

        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);
        fly.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.NotNull(await fly.Api.GetMachineAsync("app", "m", default));
        Assert.NotNull(await fly.Api.GetMachineAsync("app", "m", default));
    }

    [Fact]
    public async Task A_429_does_not_open_the_circuit()
    {
        using var fly = Fixture();
        fly.Handler.Answer(HttpStatusCode.TooManyRequests, Answers.Error("rate limit exceeded"));

        await Fail(fly);

        Assert.Equal(Enough, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task An_outage_of_the_registry_does_not_stop_calls_to_the_API()
    {
        using var fly = Fixture();
        fly.Handler.Answer(HttpStatusCode.InternalServerError);
        for (var i = 0; i < Enough; i++)
        {
            await Assert.ThrowsAsync<FlyApiException>(() => fly.Registry.FindDigestAsync(new ImageReference("registry.fly.io", "a", "b", null), default));
        }

        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);

        Assert.NotNull(await fly.Api.GetMachineAsync("app", "m", default));
    }

    private static FlyFixture Fixture() => new(options => options with { MaxRetries = 0 });

    private static async Task Fail(FlyFixture fly)
    {
        for (var i = 0; i < Enough; i++)
        {
            await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.GetMachineAsync("app", $"m{i}", default));
        }
    }
}
