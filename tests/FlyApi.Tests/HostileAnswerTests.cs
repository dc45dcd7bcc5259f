using System.Net;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class HostileAnswerTests
{
    private static readonly CreateMachineRequest Create = new() { Name = "vyx", Region = "sin", Config = new MachineConfig { Image = "i" } };

    public static TheoryData<string, string> Bodies() => new()
    {
        { "", "empty" },
        { Answers.Html, "HTML" },
        { "null", "null" },
        { "[]", "another shape" },
        { "{}", "no id" },
        { "\"text\"", "a string" },
        { "{\"id\":7,\"state\":\"started\"}", "a number for an id" },
        { "{\"id\":\"m\",\"state\":null}", "no state" },
        { "{\"id\":\"m\",\"state\":\"started\",\"config\":[]}", "a list for a config" },
        { "{\"id\":\"m\",\"state\":\"started\"} trailing", "text behind" },
        { new string('[', 10_000), "too deep" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_success_that_cannot_be_read_is_transient_for_a_read_and_ambiguous_for_a_create(string body, string what)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, body);

        var read = await fly.Fails(fly.Api.GetMachineAsync("app", "m", default));
        var created = await fly.Fails(fly.Api.CreateMachineAsync("app", Create, default));

        Assert.Equal((what, FlyErrorClass.Transient, FlyErrorDetail.UnreadableAnswer), (what, read.Class, read.Detail));
        Assert.Equal((what, FlyErrorClass.AmbiguousOutcome, FlyErrorDetail.UnreadableAnswer), (what, created.Class, created.Detail));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"machines\":null}")]
    [InlineData("{\"apps\":null}")]
    [InlineData("{\"apps\":null,\"total_apps\":3}")]
    [InlineData("{\"apps\":[],\"total_apps\":3}")]
    [InlineData("[null]")]
    [InlineData("{\"ips\":{}}")]
    [InlineData("")]
    [InlineData(Answers.Html)]
    public async Task A_list_that_is_not_there_is_an_error_and_never_an_empty_list(string body)
    {
        var lists = new (string Name, Func<IFlyApi, Task> Read)[]
        {
            ("machines", api => api.ListMachinesAsync("app", default)),
            ("apps", api => api.ListAppsAsync("org", default)),
            ("org machines", api => api.ListOrgMachinesAsync("org", new OrgMachinesQuery(), default)),
            ("regions", api => api.ListRegionsAsync(default)),
            ("placements", api => api.GetPlacementsAsync("org", "sin", new Guest("shared", 2, 512), 1, default)),
            ("tokens", api => api.GetCurrentTokensAsync(default)),
            ("addresses", api => api.ListIpAssignmentsAsync("app", default)),
        };
        foreach (var (name, read) in lists)
        {
            using var fly = Unlimited();
            fly.Handler.Answer(HttpStatusCode.OK, body);

            var failure = await Assert.ThrowsAsync<FlyApiException>(() => read(fly.Api));

            Assert.Equal((name, FlyErrorDetail.UnreadableAnswer), (name, failure.Detail));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_oversized_answer_is_refused_whether_or_not_its_length_is_announced(bool announced)
    {
        using var fly = Unlimited(maxBytes: 1_000);
        var body = new byte[10_000];
        fly.Handler.Respond(_ => Task.FromResult(new HttpResponseMessage
        {
            Content = announced ? new ByteArrayContent(body) : new StreamContent(new Unannounced(body)),
        }));

        var failure = await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.GetMachineAsync("app", "m", default));

        Assert.Equal((FlyErrorClass.Transient, FlyErrorDetail.UnreadableAnswer), (failure.Class, failure.Detail));
        Assert.Contains("larger than 1000 bytes", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxys_404_is_neither_an_absent_machine_nor_a_free_name_nor_a_finished_deletion()
    {
        // Whether an app's deletion was carried out is then in doubt: it is not resent, because the app may be wanted by then.
        var calls = new (Func<IFlyApi, Task> Call, FlyErrorClass Class)[]
        {
            (api => api.GetMachineAsync("app", "m", default), FlyErrorClass.Transient),
            (api => api.LookUpAppAsync("app", default), FlyErrorClass.Transient),
            (api => api.DeleteMachineAsync("app", "m", force: false, default), FlyErrorClass.Transient),
            (api => api.DeleteAppAsync("app", default), FlyErrorClass.AmbiguousOutcome),
        };
        foreach (var (call, expected) in calls)
        {
            using var fly = Unlimited();
            fly.Handler.Answer(HttpStatusCode.NotFound, Answers.Html, "text/html", requestId: null);

            var failure = await Assert.ThrowsAsync<FlyApiException>(() => call(fly.Api));

            Assert.Equal((expected, FlyErrorDetail.UnreadableAnswer), (failure.Class, failure.Detail));
        }
    }

    [Fact]
    public async Task A_proxys_403_is_not_a_strangers_app()
    {
        using var fly = Unlimited();
        fly.Handler.Answer(HttpStatusCode.Forbidden, Answers.Html, "text/html", requestId: null);

        var failure = await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.LookUpAppAsync("app", default));

        Assert.Equal(FlyErrorClass.Transient, failure.Class);
    }

    [Fact]
    public async Task A_page_of_HTML_is_not_the_success_of_a_stop_or_a_deletion()
    {
        using var fly = Unlimited();
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Html, "text/html");

        await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.StopMachineAsync("app", "m", default));
        await Assert.ThrowsAsync<FlyApiException>(() => fly.Api.DeleteMachineAsync("app", "m", force: true, default));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    public async Task An_identifier_cannot_reach_another_path(string id)
    {
        using var fly = Unlimited();

        await Assert.ThrowsAsync<ArgumentException>(() => fly.Api.GetMachineAsync("app", id, default));

        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);
        await fly.Api.GetMachineAsync("app", "a/../../b?c#d", default);
        Assert.Equal("/v1/apps/app/machines/a%2F..%2F..%2Fb%3Fc%23d", fly.Handler.Sent[0].Path);
    }

    private static FlyFixture Unlimited(int maxBytes = 32 * 1024 * 1024) =>
        new(options => options with { RateLimitScale = 1e6, MaxRetries = 0, MaxResponseBytes = maxBytes });

    private sealed class Unannounced(byte[] body) : MemoryStream(body)
    {
        public override bool CanSeek => false;
    }
}
