using CsCheck;
using Reconciler.Model;
using Reconciler.Observing;

namespace Reconciler.Tests.Observing;

/// <summary>A user's override as anybody with a hand on the row could write it.</summary>
public sealed class HostileOverrideTests
{
    private const string Valid = """
        {"region":"fra","image":"registry.fly.io/vyx-app:next","guest":{"cpu_kind":"performance","cpus":2,"memory_mb":4096},"env":{"LOG_LEVEL":"debug","B":"c"}}
        """;

    private static readonly string[] Secrets = ["SUPABASE_SERVICE_ROLE_KEY", "USER_ID"];

    [Fact]
    public void Any_override_is_read_as_a_valid_one_or_refused_in_words_fit_for_a_condition() =>
        Gen.OneOf(HostileJson.TextOf(Valid), HostileText.Any, HostileText.Within(Valid)).Hold(10_000, Judge);

    [Fact]
    public void Large_overrides_are_refused_in_time() =>
        Assert.All(HostileJson.Large().Concat(HostileText.Megabytes()), json => HostileRun.InTime(() => Judge(json)));

    [Fact]
    public void A_NUL_in_an_environment_is_a_problem_of_that_user()
    {
        Assert.False(OverrideSpec.TryParse("""{"env":{"A":"x\u0000y"}}""", Secrets, out _, out var problem));
        Assert.Equal("spec.env.A holds a NUL character, which no environment can", problem);
    }

    [Fact]
    public void A_name_that_reorders_or_ends_a_line_is_shown_without_what_does_it()
    {
        Assert.False(OverrideSpec.TryParse("""{"a\u202e\u2028b":1}""", Secrets, out _, out var problem));
        Assert.Contains("'a??b'", problem, StringComparison.Ordinal);
    }

    private static void Judge(string json)
    {
        var accepted = OverrideSpec.TryParse(json, Secrets, out var spec, out var problem);

        Assert.Equal(accepted, problem is null);
        HostileText.AssertHarmless(problem, 800);
        Assert.True(spec.Guest is null || GuestRules.Problem(spec.Guest) is null);
        Assert.DoesNotContain(spec.Env.Keys, Secrets.Contains);
        Assert.All(spec.Env, e => Assert.DoesNotContain('\0', e.Key + e.Value));
    }
}
