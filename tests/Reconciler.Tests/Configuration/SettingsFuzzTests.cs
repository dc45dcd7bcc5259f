using CsCheck;

namespace Reconciler.Tests.Configuration;

public sealed class SettingsFuzzTests
{
    private static readonly string[] Names =
    [
        "DATABASE_URL", "FLY_API_TOKEN", "FLY_API_HOSTNAME", "FLY_ORG_SLUG", "FLY_DEFAULT_REGION", "DOCKER_IMAGE", "FLY_REGISTRY_HOSTNAME",
        "SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "GEMINI_API_KEY", "RECONCILER_SIGNAL_FILE", "Reconciler__Mode", "Reconciler__ResyncSchedule",
        "Reconciler__Workers", "Reconciler__SignalFile", "Reconciler__HttpBind", "Reconciler__DeprovisionGrace", "Reconciler__DestroyBudgetShare",
        "Reconciler__Tiers__pro__Guest", "Reconciler__AppNamePrefix", "Reconciler__Env__A", "Reconciler__LeaseTtl", "Reconciler__LeaseRenew",
        "Reconciler__HealthProbe__UrlTemplate", "Reconciler__HealthCheck__Path", "Reconciler__Prices__RegionMarkup__sin", "Reconciler__Shards",
    ];

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["0123456789.:-/*, x{}[]@\"'"], 0, 30],
        Gen.OneOf("", " ", "*", "{", "-", ".", "1:2:3", "99.99:99:99", "shared-cpu-x", "-x", "0x", "[", "\0", "follow:", "\"", "\"\"", "http://", "https://[", "http://{app}"));

    [Fact]
    public void Any_values_give_settings_or_problems_and_never_an_exception() =>
        Gen.Select(Gen.OneOf(Names), Value, (name, value) => (name, (string?)value)).Array[1, 4].Sample(changes =>
        {
            var result = Given.Load(changes);

            Assert.Equal(result.Problems.Count == 0, result.Settings is not null);
            Assert.All(result.Problems, problem => Assert.DoesNotContain(problem, char.IsControl));
        },
        iter: 3000);

    [Fact]
    public void No_value_of_a_secret_is_ever_repeated() =>
        Gen.Select(
            Gen.OneOf("DATABASE_URL", "FLY_API_TOKEN", "SUPABASE_SERVICE_ROLE_KEY", "GEMINI_API_KEY", "OPENROUTER_API_KEY"),
            Gen.String[Gen.Char, 1, 20]).Sample((name, noise) =>
        {
            var secret = "Zq7#" + noise + "#xW9";

            var result = Given.Load((name, secret), ("FLY_ORG_SLUG", secret), ("Reconciler__Workers", secret));

            Assert.All(result.Problems.Concat(result.Warnings), said => Assert.DoesNotContain("Zq7#", said, StringComparison.Ordinal));
        },
        iter: 1000);
}
