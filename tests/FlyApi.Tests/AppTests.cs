using System.Net;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class AppTests
{
    [Theory]
    [InlineData(201, "")]
    [InlineData(201, """{"id":"x","created_at":1754042400000}""")]
    [InlineData(200, """{"id":"x"}""")]
    public async Task An_app_is_created(int status, string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer((HttpStatusCode)status, body);

        await fly.Api.CreateAppAsync(new CreateAppRequest("vyx-user-1", "org"), default);

        Assert.Equal(("/v1/apps", """{"name":"vyx-user-1","org_slug":"org"}"""), (fly.Handler.Sent[0].Path, fly.Handler.Sent[0].Body));
    }

    [Theory]
    [InlineData(200, """{"status":"error","message":"internal error"}""")]
    [InlineData(201, """{"error":"internal error"}""")]
    [InlineData(200, """{"id":""}""")]
    [InlineData(200, "{}")]
    [InlineData(200, "null")]
    [InlineData(200, "[]")]
    [InlineData(201, """{"id":"x""")]
    [InlineData(200, "")]
    [InlineData(202, "")]
    [InlineData(204, "")]
    [InlineData(200, Answers.Html)]
    [InlineData(201, Answers.Html)]
    public async Task A_success_that_shows_no_created_app_is_ambiguous(int status, string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer((HttpStatusCode)status, body);

        Assert.Equal(FlyErrorClass.AmbiguousOutcome, (await fly.Fails(fly.Api.CreateAppAsync(new CreateAppRequest("a", "org"), default))).Class);
    }

    [Theory]
    [InlineData(200, """{"name":"a","organization":{"slug":"org"},"status":"pending","machine_count":1}""", typeof(AppLookup.Found))]
    [InlineData(403, """{"error":"unauthorized"}""", typeof(AppLookup.Foreign))]
    [InlineData(404, """{"error":"app not found"}""", typeof(AppLookup.Missing))]
    public async Task A_name_is_ours_a_strangers_or_free(int status, string body, Type expected)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer((HttpStatusCode)status, body);

        Assert.IsType(expected, await fly.Api.LookUpAppAsync("a", default));
    }

    [Fact]
    public async Task A_bad_token_says_nothing_about_the_name()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.Unauthorized, Answers.Error("unauthorized"));

        Assert.Equal(FlyErrorClass.Unauthorised, (await fly.Fails(fly.Api.LookUpAppAsync("a", default))).Class);
    }

    [Fact]
    public async Task Apps_are_listed()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, """{"total_apps":1,"apps":[{"name":"a","machine_count":2,"network":"n"}]}""")
            .Answer(HttpStatusCode.OK, """{"total_apps":0,"apps":null}""");

        Assert.Equal([new FlyApp("a", null, null, 2)], await fly.Api.ListAppsAsync("my org", default));
        Assert.Empty(await fly.Api.ListAppsAsync("my org", default));
        Assert.Equal("/v1/apps?org_slug=my%20org", fly.Handler.Sent[0].Path);
    }

    [Fact]
    public async Task Addresses_are_listed_with_the_type_that_allocates_them()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(
            HttpStatusCode.OK,
            """{"ips":[{"ip":"1.2.3.4"},{"ip":"1.2.3.5","shared":true},{"ip":"2a09::1"},{"ip":"fdaa:0::3"}]}""");

        Assert.Equal(["v4", "shared_v4", "v6", "private_v6"], (await fly.Api.ListIpAssignmentsAsync("a", default)).Select(ip => ip.Type));
    }

    [Fact]
    public async Task An_address_is_allocated()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, """{"ip":"2a09::1","region":"global"}""");

        Assert.Equal(new IpAssignment("2a09::1", "v6", false), await fly.Api.AllocateIpAsync("a", "v6", default));
        Assert.Equal("""{"type":"v6"}""", fly.Handler.Sent[0].Body);
    }

    [Fact]
    public async Task Placements_regions_and_tokens_are_read()
    {
        using var fly = new FlyFixture();
        fly.Handler
            .Answer(HttpStatusCode.OK, """{"regions":[{"region":"sin","count":3,"concurrency":9}]}""")
            .Answer(HttpStatusCode.OK, """{"nearest":"sin","regions":[{"code":"sin","name":"Singapore","latitude":1.3},{"code":"old","deprecated":true}]}""")
            .Answer(HttpStatusCode.OK, """{"tokens":[{"token_id":"t","org_slug":"org","apps":null}]}""");

        Assert.Equal([new Placement("sin", 3)], await fly.Api.GetPlacementsAsync("org", "sin", new Guest("shared", 2, 512), 1, default));
        Assert.Equal([new FlyRegion("sin", "Singapore", false, false), new FlyRegion("old", null, true, false)], await fly.Api.ListRegionsAsync(default));
        Assert.Equal("org", Assert.Single(await fly.Api.GetCurrentTokensAsync(default)).OrgSlug);
        Assert.Equal(
            """{"org_slug":"org","region":"sin","compute":{"cpu_kind":"shared","cpus":2,"memory_mb":512},"count":1}""", fly.Handler.Sent[0].Body);
    }

    [Fact]
    public async Task A_path_in_the_base_address_is_kept()
    {
        using var fly = new FlyFixture(options => options with { BaseAddress = new Uri("http://localhost:1234/fly/") });
        fly.Handler.Answer(HttpStatusCode.NotFound, Answers.Error("app not found"));

        await fly.Api.LookUpAppAsync("a", default);

        Assert.Equal("/fly/v1/apps/a", fly.Handler.Sent[0].Path);
    }
}
