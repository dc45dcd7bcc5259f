using System.Net;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class SecretTests
{
    private const string Value = "sk-proj-very-secret-0123456789";
    private static readonly Dictionary<string, string?> Values = new() { ["KEY"] = Value, ["OLD"] = null };

    [Theory]
    [InlineData("""{"secrets":[{"name":"KEY","digest":"d1"}],"version":7}""")]
    [InlineData("""{"secrets":[{"name":"KEY","digest":"d1"}],"Version":7}""")]
    [InlineData("""{"secrets":[{"name":"KEY","digest":"d1","value":null,"new":1}],"version":7,"Version":6}""")]
    public async Task Setting_secrets_returns_the_version_under_either_name(string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, body);

        var update = await fly.Api.SetSecretsAsync("app", Values, default);

        Assert.Equal(7, update.Version);
        Assert.Equal([new AppSecret("KEY", "d1")], update.Secrets);
        Assert.Equal($$$"""{"values":{"KEY":"{{{Value}}}","OLD":null}}""", fly.Handler.Sent[0].Body);
    }

    [Theory]
    [InlineData("\"2026-07-04T09:41:07.25Z\"", 7_250)]
    [InlineData("\"2026-07-04T11:41:07+02:00\"", 7_000)]
    [InlineData("\"a while ago\"", null)]
    [InlineData("{}", null)]
    [InlineData("null", null)]
    public async Task When_a_secret_was_last_set_is_an_instant_or_unknown(string updatedAt, int? milliseconds)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, $$"""{"secrets":[{"name":"KEY","digest":"d1","updated_at":{{updatedAt}}}]}""");

        var secret = Assert.Single(await fly.Api.ListSecretsAsync("app", default));

        var minute = new DateTimeOffset(2026, 7, 4, 9, 41, 0, TimeSpan.Zero);
        Assert.Equal(milliseconds is { } after ? minute.AddMilliseconds(after) : null, secret.UpdatedAt);
    }

    [Fact]
    public async Task An_answer_without_version_cannot_be_used()
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.OK, """{"secrets":[]}""");

        var failure = await fly.Fails(fly.Api.SetSecretsAsync("app", Values, default));

        Assert.Equal((FlyErrorClass.Transient, FlyErrorDetail.UnreadableAnswer), (failure.Class, failure.Detail));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"secrets":null}""")]
    [InlineData("""{"secrets":[]}""")]
    public async Task An_app_without_secrets_has_none(string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, body);

        Assert.Empty(await fly.Api.ListSecretsAsync("app", default));
    }

    [Theory]
    [InlineData(400, """{"error":"KEY has a bad value sk-proj-very-secret-0123456789"}""")]
    [InlineData(422, """{"error":"KEY has a bad value \"sk-proj-very-sec...\""}""")]
    [InlineData(500, "<html>sk-proj-very-secret-0123456789</html>")]
    [InlineData(200, "sk-proj-very-secret-0123456789")]
    [InlineData(401, """{"error":"token fm2_test-token-value rejected"}""")]
    public async Task No_exception_shows_a_secret_a_token_or_a_body(int status, string body)
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer((HttpStatusCode)status, body);

        var text = (await fly.Fails(fly.Api.SetSecretsAsync("app", Values, default))).ToString();

        Assert.DoesNotContain("sk-proj", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789", text, StringComparison.Ordinal);
        Assert.DoesNotContain("fm2_", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transport_error_that_quotes_a_secret_is_cleaned_too()
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Throw(new HttpRequestException($"invalid header line {Value}\nforged"));

        var failure = await fly.Fails(fly.Api.SetSecretsAsync("app", Values, default));

        Assert.Equal("the connection failed: invalid header line [redacted] forged", failure.Text);
        Assert.Null(failure.InnerException);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("fm2_abc\nX-Forged: 1")]
    public async Task A_token_that_cannot_stand_in_a_header_is_refused_without_being_quoted(string token)
    {
        using var fly = new FlyFixture(options => options with { Token = () => token });

        var failure = await fly.Fails(fly.Api.ListSecretsAsync("app", default));

        Assert.Equal(FlyErrorClass.Unauthorised, failure.Class);
        Assert.DoesNotContain("fm2_", failure.ToString(), StringComparison.Ordinal);
        Assert.Empty(fly.Handler.Sent);
    }
}
