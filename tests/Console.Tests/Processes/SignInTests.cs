using System.Net;
using ConsoleTests.Support;

namespace ConsoleTests.Processes;

public sealed class SignInTests : WorldTest
{
    [Fact]
    public async Task The_token_opens_a_session_that_is_not_the_token()
    {
        using var visitor = await StartAsync();

        Assert.Equal(HttpStatusCode.SeeOther, await visitor.SignInAsync());

        var cookie = visitor.Cookies.GetAllCookies().Single(c => c.Name == "reconciler_console");
        Assert.True(cookie.HttpOnly);
        Assert.DoesNotContain(Visitor.Token, cookie.Value, StringComparison.Ordinal);
        Assert.Contains("Nora", (await visitor.GetAsync("/")).Body, StringComparison.Ordinal);
        Assert.NotEqual("", await visitor.FormTokenAsync("/"));
    }

    [Fact]
    public async Task Wrong_tokens_are_refused_and_then_not_even_looked_at()
    {
        using var visitor = await StartAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await visitor.SignInAsync("not-the-token-" + i));
        }

        using var right = await visitor.PostAsync("/session", null, [], ("owner", "Nora"), ("token", Visitor.Token));

        Assert.Equal(HttpStatusCode.TooManyRequests, right.StatusCode);
        Assert.NotNull(right.Headers.RetryAfter);
        Assert.Equal("", await visitor.FormTokenAsync("/"));
    }

    [Fact]
    public async Task A_session_outlives_a_restart_and_ends_with_the_token_and_with_the_sign_out()
    {
        using var visitor = await StartAsync();
        await visitor.SignInAsync();
        var cookie = visitor.Cookies.GetAllCookies().Single(c => c.Name == "reconciler_console").Value;

        var same = await World.StartReadyAsync();
        var other = await World.StartReadyAsync(("Reconciler__Console__Token", "another-token-of-good-length"));
        World.SecretValues.Add("another-token-of-good-length");
        using (var after = new Visitor(same.Address!))
        {
            after.Cookies.Add(new Cookie("reconciler_console", cookie, "/", same.Address!.Host));
            Assert.NotEqual("", await after.FormTokenAsync("/"));
        }

        using (var after = new Visitor(other.Address!))
        {
            after.Cookies.Add(new Cookie("reconciler_console", cookie, "/", other.Address!.Host));
            Assert.Equal("", await after.FormTokenAsync("/"));
        }

        var (status, said) = await visitor.ActAsync("/", "/session/end");
        Assert.Equal((HttpStatusCode.SeeOther, "Signed out."), (status, said));
        Assert.Equal("", await visitor.FormTokenAsync("/"));
    }

    [Theory]
    [InlineData("https://elsewhere.example", "")]
    [InlineData("null", "")]
    [InlineData("", "")]
    [InlineData(null, "Sec-Fetch-Site")]
    [InlineData(null, "Fly-Client-IP")]
    [InlineData(null, "X-Forwarded-For")]
    public async Task A_form_from_elsewhere_or_through_a_proxy_does_nothing(string? origin, string header)
    {
        using var visitor = await StartAsync();
        await visitor.SignInAsync();
        var form = await visitor.FormTokenAsync("/");
        (string, string)[] headers = header switch
        {
            "" => [],
            "Sec-Fetch-Site" => [(header, "cross-site")],
            _ => [(header, "203.0.113.7")],
        };

        using var answer = await visitor.PostAsync("/actions/force", origin, headers, ("form", form), ("reason", "x"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.operator_actions"));
    }

    [Fact]
    public async Task A_form_without_the_sessions_own_token_or_without_a_session_does_nothing()
    {
        using var visitor = await StartAsync();
        using var stranger = await visitor.PostAsync("/actions/force", null, [], ("form", "guess"), ("reason", "x"));
        await visitor.SignInAsync();
        using var without = await visitor.PostAsync("/actions/force", null, [], ("reason", "x"));
        using var guessed = await visitor.PostAsync("/actions/force", null, [], ("form", "guess"), ("reason", "x"));
        using var huge = await visitor.PostAsync("/actions/force", null, [], ("form", "guess"), ("reason", new string('x', 40_000)));

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (without.StatusCode, guessed.StatusCode));
        Assert.Equal(HttpStatusCode.BadRequest, huge.StatusCode);
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.operator_actions"));
    }

    [Fact]
    public async Task A_token_that_could_be_guessed_stops_the_start()
    {
        var (exit, program) = await World.RunAsync([("Reconciler__Console__Token", "short-token")], "run");

        Assert.Equal(2, exit);
        Assert.Contains("Reconciler__Console__Token", program.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("short-token", program.Text, StringComparison.Ordinal);
    }

    private async Task<Visitor> StartAsync()
    {
        World.Environment["Reconciler__Console__Token"] = Visitor.Token;
        World.SecretValues.Add(Visitor.Token);
        var daemon = await World.StartReadyAsync();
        return new Visitor(daemon.Address!);
    }
}
