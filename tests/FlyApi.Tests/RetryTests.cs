using System.Net;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class RetryTests
{
    private static readonly CreateMachineRequest Create = new() { Name = "vyx", Region = "sin", Config = new MachineConfig { Image = "i" } };

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task A_read_is_repeated_after(HttpStatusCode status)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(status, Answers.Error("later")).Answer(HttpStatusCode.OK, Answers.Machine);

        var machine = await fly.Finish(fly.Api.GetMachineAsync("app", "148e21ea7d4289", default));

        Assert.Equal("148e21ea7d4289", machine!.Id);
        Assert.Equal(2, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task A_read_is_given_up_after_the_configured_retries()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.ServiceUnavailable, Answers.Html, "text/html");

        var failure = await fly.Fails(fly.Api.GetMachineAsync("app", "m", default));

        Assert.Equal(FlyErrorClass.Transient, failure.Class);
        Assert.Equal(3, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task No_retries_may_be_configured()
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.ServiceUnavailable);

        await fly.Fails(fly.Api.GetMachineAsync("app", "m", default));

        Assert.Single(fly.Handler.Sent);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, FlyErrorClass.AmbiguousOutcome)]
    [InlineData(HttpStatusCode.ServiceUnavailable, FlyErrorClass.AmbiguousOutcome)]
    [InlineData(HttpStatusCode.RequestTimeout, FlyErrorClass.AmbiguousOutcome)]
    [InlineData(HttpStatusCode.TooManyRequests, FlyErrorClass.Throttled)]
    public async Task What_is_not_idempotent_is_sent_once_even_after(HttpStatusCode status, FlyErrorClass expected)
    {
        var calls = new (string Name, Func<IFlyApi, Task> Send)[]
        {
            ("create", api => api.CreateMachineAsync("app", Create, default)),
            ("update", api => api.UpdateMachineAsync("app", "m", new UpdateMachineRequest { Config = Create.Config }, default)),
            ("restart", api => api.RestartMachineAsync("app", "m", default)),
            ("app", api => api.CreateAppAsync(new CreateAppRequest("app", "org"), default)),
            ("address", api => api.AllocateIpAsync("app", "v6", default)),
        };
        foreach (var (name, send) in calls)
        {
            using var fly = new FlyFixture();
            fly.Handler.Answer(status, Answers.Error("later"));

            var failure = await fly.Fails(send(fly.Api));

            Assert.Equal((name, expected), (name, failure.Class));
            Assert.Single(fly.Handler.Sent);
        }
    }

    [Fact]
    public async Task A_create_that_is_never_answered_is_sent_once_and_its_outcome_is_ambiguous()
    {
        using var fly = new FlyFixture();
        fly.Handler.Hang();

        var failure = await fly.Fails(fly.Api.CreateMachineAsync("app", Create, default));

        Assert.Equal((FlyErrorClass.AmbiguousOutcome, (HttpStatusCode?)null), (failure.Class, failure.Status));
        Assert.Single(fly.Handler.Sent);
    }

    [Fact]
    public async Task A_create_whose_connection_breaks_is_ambiguous_and_one_that_was_refused_a_connection_is_not()
    {
        using var fly = new FlyFixture();
        fly.Handler
            .Throw(new HttpRequestException(HttpRequestError.ResponseEnded, "response ended"))
            .Throw(new HttpRequestException(HttpRequestError.ConnectionError, "connection refused"));

        Assert.Equal(FlyErrorClass.AmbiguousOutcome, (await fly.Fails(fly.Api.CreateMachineAsync("app", Create, default))).Class);
        Assert.Equal(FlyErrorClass.Transient, (await fly.Fails(fly.Api.CreateMachineAsync("app", Create, default))).Class);
        Assert.Equal(2, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task An_attempt_that_hangs_is_abandoned_and_a_read_tried_again()
    {
        using var fly = new FlyFixture();
        fly.Handler.Hang().Answer(HttpStatusCode.OK, Answers.Machine);

        Assert.NotNull(await fly.Finish(fly.Api.GetMachineAsync("app", "m", default)));

        Assert.True(fly.Handler.Sent[1].At - fly.Handler.Sent[0].At >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_a_lost_connection()
    {
        using var fly = new FlyFixture();
        fly.Handler.Respond(_ => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new BreakingStream()) }))
            .Answer(HttpStatusCode.OK, Answers.Machine);

        Assert.NotNull(await fly.Finish(fly.Api.GetMachineAsync("app", "m", default)));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("Tue, 01 Sep 2026 00:00:07 GMT")]
    public async Task Retry_After_is_honoured(string header)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.TooManyRequests, Answers.Error("rate limit exceeded"), headers: ("Retry-After", header))
            .Answer(HttpStatusCode.OK, Answers.Machine);

        await fly.Finish(fly.Api.GetMachineAsync("app", "m", default));

        Assert.True(fly.Handler.Sent[1].At - fly.Handler.Sent[0].At >= TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task A_long_Retry_After_is_left_to_the_caller()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.TooManyRequests, Answers.Error("rate limit exceeded"), headers: ("Retry-After", "3600"));

        var failure = await fly.Fails(fly.Api.GetMachineAsync("app", "m", default));

        Assert.Equal((FlyErrorClass.Throttled, TimeSpan.FromHours(1)), (failure.Class, failure.RetryAfter));
        Assert.Single(fly.Handler.Sent);
    }

    [Fact]
    public async Task The_callers_cancellation_is_a_cancellation_and_nothing_else()
    {
        using var fly = new FlyFixture();
        using var stop = new CancellationTokenSource();
        fly.Handler.Hang();

        var call = fly.Api.CreateMachineAsync("app", Create, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_token_is_read_for_each_request()
    {
        var tokens = new Queue<string>(["first", "second"]);
        using var fly = new FlyFixture(options => options with { Token = tokens.Dequeue });
        fly.Handler.Answer(HttpStatusCode.ServiceUnavailable).Answer(HttpStatusCode.OK, Answers.Machine);

        await fly.Finish(fly.Api.GetMachineAsync("app", "m", default));

        Assert.Equal(["Bearer first", "Bearer second"], fly.Handler.Sent.Select(sent => sent.Headers["Authorization"]));
    }

    private sealed class BreakingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("connection reset by peer");
    }
}
