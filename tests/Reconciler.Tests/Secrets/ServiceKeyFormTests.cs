using Reconciler.Secrets;

namespace Reconciler.Tests.Secrets;

public sealed class ServiceKeyFormTests
{
    public static TheoryData<string> GoodKeys => new()
    {
        Keys.Opaque,
        Keys.Jwt(),
        Keys.Jwt(expiresInDays: 7.1),
        Keys.JwtOf("""{"role":"service_role","ref":"abcdefghijklmnopqrst"}"""),
        Keys.JwtOf("""{"role":"service_role","ref":"abcdefghijklmnopqrst","exp":1e300}"""),
    };

    [Theory]
    [MemberData(nameof(GoodKeys))]
    public void A_good_key_has_neither_problem_nor_warning(string key) => Assert.Equal(KeyVerdict.Good, Inspect(key));

    public static TheoryData<string, string> BadKeys => new()
    {
        { "sb_secret_", "cut short" },
        { "sb_publishable_abc", "is the publishable key" },
        { "sbp_abc", "personal access token" },
        { "", "neither a JWT" },
        { "hello", "neither a JWT" },
        { "a.b", "neither a JWT" },
        { "a.b.c.d", "neither a JWT" },
        { "!!.??.$$", "neither a JWT" },
        { Keys.JwtOf("[]"), "neither a JWT" },
        { Keys.JwtOf("not json"), "neither a JWT" },
        { Keys.Jwt() + "." + Keys.Jwt(), "neither a JWT" },
        { Keys.Jwt()[..^12], "neither a JWT" },
        { Keys.Jwt(role: "anon"), "is the anon key" },
        { Keys.Jwt(role: "authenticated"), "role is not service_role" },
        { Keys.JwtOf("{}"), "role is not service_role" },
        { Keys.JwtOf("""{"role":["service_role"]}"""), "role is not service_role" },
        { Keys.JwtOf("""{"role":"\ud800"}"""), "role is not service_role" },
        { Keys.Jwt(project: "zzzzzzzzzzzzzzzzzzzz"), "belongs to another project than SUPABASE_URL, which is 'abcdefghijklmnopqrst'" },
        { Keys.Jwt(expiresInDays: -1), "expired on 2025-12-31" },
        { Keys.JwtOf("""{"role":"service_role","ref":"abcdefghijklmnopqrst","exp":-5}"""), "expired on 1970-01-01" },
    };

    [Theory]
    [MemberData(nameof(BadKeys))]
    public void A_bad_key_is_told_what_it_is(string key, string expected)
    {
        var verdict = Inspect(key);

        Assert.StartsWith("SUPABASE_SERVICE_ROLE_KEY ", verdict.Problem, StringComparison.Ordinal);
        Assert.Contains(expected, verdict.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_expires_within_a_week_is_good_with_a_warning()
    {
        var verdict = Inspect(Keys.Jwt(expiresInDays: 6));

        Assert.Null(verdict.Problem);
        Assert.Contains("expires on 2026-01-07", verdict.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://supabase.example.com")]
    [InlineData("http://localhost:54321")]
    public void A_host_that_does_not_name_the_project_is_not_compared(string url) =>
        Assert.Null(ServiceKeyForm.Inspect(new SecretText(Keys.Jwt(project: "other")), url, Keys.Now).Problem);

    private static KeyVerdict Inspect(string key) => ServiceKeyForm.Inspect(new SecretText(key), Keys.Url, Keys.Now);
}
