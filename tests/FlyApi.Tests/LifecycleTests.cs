using System.Net;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class LifecycleTests
{
    [Theory]
    [InlineData(200, "")]
    [InlineData(200, """{"previous_state":"stopped","migrated":false}""")]
    [InlineData(200, """{"status":"success","message":"ok"}""")]
    [InlineData(409, """{"error":"aborted: machine still attempting to start"}""")]
    [InlineData(412, """{"error":"failed_precondition: machine still attempting to start"}""")]
    public async Task A_start_succeeds_when_the_machine_is_starting(int status, string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer((HttpStatusCode)status, body);

        await fly.Api.StartMachineAsync("app", "m", default, "n1");

        var sent = Assert.Single(fly.Handler.Sent);
        Assert.Equal((HttpMethod.Post, "/v1/apps/app/machines/m/start", "n1"), (sent.Method, sent.Path, sent.Headers["fly-machine-lease-nonce"]));
    }

    [Theory]
    [InlineData("something odd", FlyErrorClass.Conflict, FlyErrorDetail.WrongState)]
    [InlineData("could not reserve resource for machine: insufficient memory available", FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity)]
    public async Task A_start_answered_with_200_and_an_error_inside_has_failed(string message, FlyErrorClass expected, FlyErrorDetail detail)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, $$"""{"status":"error","message":"{{message}}"}""");

        var failure = await fly.Fails(fly.Api.StartMachineAsync("app", "m", default));

        Assert.Equal((expected, detail, message), (failure.Class, failure.Detail, failure.Text));
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_succeeds_when_the_repeat_finds_the_machine_starting()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.BadGateway, Answers.Html, "text/html")
            .Answer(HttpStatusCode.Conflict, Answers.Error("aborted: machine still attempting to start"));

        await fly.Finish(fly.Api.StartMachineAsync("app", "m", default));

        Assert.Equal(2, fly.Handler.Sent.Count);
    }

    [Fact]
    public async Task A_stop_sends_an_object()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, """{"ok":true}""");

        await fly.Api.StopMachineAsync("app", "m", default);

        Assert.Equal("{}", Assert.Single(fly.Handler.Sent).Body);
    }

    [Fact]
    public async Task Deleting_what_is_gone_succeeds()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.NotFound, Answers.Error("machine not found"));

        await fly.Api.DeleteMachineAsync("app", "m", force: true, default);
        await fly.Api.DeleteAppAsync("app", default);

        Assert.Equal(["/v1/apps/app/machines/m?force=true", "/v1/apps/app?force=true"], fly.Handler.Sent.Select(sent => sent.Path));
    }

    [Fact]
    public async Task Deleting_a_running_machine_without_force_is_a_conflict()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.PreconditionFailed, Answers.Error("unable to destroy machine, not currently stopped"));

        var failure = await fly.Fails(fly.Api.DeleteMachineAsync("app", "m", force: false, default));

        Assert.Equal((FlyErrorClass.Conflict, FlyErrorDetail.WrongState), (failure.Class, failure.Detail));
    }

    [Theory]
    [InlineData(200, """{"ok":true,"state":"started"}""", true)]
    [InlineData(200, """{"ok":false}""", false)]
    [InlineData(408, """{"error":"deadline_exceeded: machine failed to reach desired state, started, currently created"}""", false)]
    public async Task A_wait_says_whether_the_state_was_reached(int status, string body, bool reached)
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer((HttpStatusCode)status, body);

        Assert.Equal(reached, await fly.Finish(fly.Api.WaitForMachineAsync("app", "m", "started", "v1", TimeSpan.FromSeconds(30), default)));

        Assert.Equal("/v1/apps/app/machines/m/wait?state=started&version=v1&timeout=30", fly.Handler.Sent[0].Path);
    }

    [Fact]
    public async Task A_wait_that_ends_unreached_is_not_repeated()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.RequestTimeout, Answers.Error("deadline_exceeded"));

        Assert.False(await fly.Finish(fly.Api.WaitForMachineAsync("app", "m", "started", null, TimeSpan.FromSeconds(30), default)));

        Assert.Single(fly.Handler.Sent);
    }

    [Fact]
    public async Task A_wait_is_given_longer_than_it_asks_Fly_to_wait()
    {
        using var fly = new FlyFixture();
        fly.Handler.Respond(async cancellationToken =>
        {
            await Task.Delay(TimeSpan.FromSeconds(60), fly.Time, cancellationToken);
            return new HttpResponseMessage { Content = new StringContent("""{"ok":true}""") };
        });

        Assert.True(await fly.Finish(fly.Api.WaitForMachineAsync("app", "m", "started", null, TimeSpan.FromSeconds(60), default)));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(60.5)]
    [InlineData(-1)]
    public async Task A_wait_outside_what_Fly_accepts_is_refused_before_it_is_sent(double seconds)
    {
        using var fly = new FlyFixture();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => fly.Api.WaitForMachineAsync("app", "m", "started", null, TimeSpan.FromSeconds(seconds), default));

        Assert.Empty(fly.Handler.Sent);
    }
}
