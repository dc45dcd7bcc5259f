using System.Net;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class LeaseTests
{
    [Theory]
    [InlineData("""{"status":"success","data":{"nonce":"n1","expires_at":1788220800,"owner":"o","description":"d","version":"v1"}}""")]
    [InlineData("""{"nonce":"n1","expires_at":1788220800,"owner":"o","description":"d","version":"v1"}""")]
    public async Task A_lease_is_read_from_an_envelope_or_flat(string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.Created, body);

        var lease = await fly.Api.AcquireLeaseAsync("app", "m", TimeSpan.FromSeconds(12.3), "ours", default);

        Assert.Equal(("n1", "o", "d", "v1"), (lease.Nonce, lease.Owner, lease.Description, lease.Version));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1788220800), lease.ExpiresAt);
        Assert.Equal("""{"ttl":13,"description":"ours"}""", fly.Handler.Sent[0].Body);
    }

    [Theory]
    [InlineData("""{"status":"success","data":{}}""")]
    [InlineData("""{"status":"success","data":null}""")]
    [InlineData("{}")]
    public async Task A_lease_without_a_nonce_is_no_lease(string body)
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.Created, body);

        var failure = await fly.Fails(fly.Api.AcquireLeaseAsync("app", "m", TimeSpan.FromSeconds(13), "ours", default));

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, failure.Detail);
    }

    [Fact]
    public async Task A_lease_held_by_another_is_a_conflict()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.Conflict, """{"status":"error","message":"lease currently held by x@tokens.fly.io","code":"conflict"}""");

        var failure = await fly.Fails(fly.Api.AcquireLeaseAsync("app", "m", TimeSpan.FromSeconds(13), "ours", default));

        Assert.Equal((FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld), (failure.Class, failure.Detail));
    }

    [Fact]
    public async Task A_refresh_carries_the_nonce()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.Created, """{"data":{"nonce":"n1"}}""");

        await fly.Api.RefreshLeaseAsync("app", "m", "n1", TimeSpan.FromSeconds(13), default);

        Assert.Equal("n1", fly.Handler.Sent[0].Headers["fly-machine-lease-nonce"]);
    }

    [Theory]
    [InlineData(200, """{"ok":true}""")]
    [InlineData(404, """{"status":"error","message":"lease not found","code":"not_found"}""")]
    [InlineData(400, """{"error":"invalid lease nonce"}""")]
    public async Task Releasing_a_lease_that_is_ours_no_more_succeeds(int status, string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer((HttpStatusCode)status, body);

        await fly.Api.ReleaseLeaseAsync("app", "m", "n1", default);

        Assert.Equal((HttpMethod.Delete, "/v1/apps/app/machines/m/lease"), (fly.Handler.Sent[0].Method, fly.Handler.Sent[0].Path));
    }

    [Fact]
    public async Task A_release_refused_for_another_reason_fails()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.BadRequest, Answers.Error("invalid machine id"));

        Assert.Equal(FlyErrorClass.Invalid, (await fly.Fails(fly.Api.ReleaseLeaseAsync("app", "m", "n1", default))).Class);
    }
}
