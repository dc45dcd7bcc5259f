using System.Text;
using CsCheck;
using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

/// <summary>Every setting, with every value: settings, or problems that a person can read and nobody can abuse.</summary>
public sealed class HostileSettingsTests
{
    private static readonly string[] Secrets =
        ["DATABASE_URL", "FLY_API_TOKEN", "SUPABASE_SERVICE_ROLE_KEY", "GEMINI_API_KEY", "BRAINTRUST_API_KEY", "BRAINTRUST_PROJECT_ID", "OPENROUTER_API_KEY"];

    /// <summary>All that the loader asks for, from the loader itself, and the maps below which the names are the operator's.</summary>
    private static readonly string[] Names =
    [
        .. Recorder.AllNames(), "Reconciler:Env:A", "Reconciler:Env:A:B", "Reconciler:Env:USER_ID", "Reconciler:Prices:RegionMarkup:sin", "Reconciler:Prices:RegionMarkup:x",
        "Reconciler:Tiers:free:Guest", "Reconciler:Workerz", "Reconciler",
    ];

    private static readonly Gen<string> Values = Gen.OneOf(
        HostileText.Any,
        HostileText.Within(
            "5", "0.05", "00:10:00", "3.00:00:00", "shared-cpu-2x:512MB", "*/10 * * * *", "https://abc.supabase.co", "http://{machine}.vm.{app}.internal:8080/health",
            "/tmp/x/force", "registry.fly.io/vyx-app:v1", "follow:vyx-app", "true", "127.0.0.1", "[::1]", "postgres://u:p@h/d", "sin", "elite"),
        Gen.String[Gen.Char["0123456789.:-/*, x{}[]@\"'"], 0, 30],
        Gen.OneOf("", " ", "*", "{", "-", ".", "1:2:3", "99.99:99:99", "shared-cpu-x", "-x", "0x", "[", "follow:", "\"", "\"\"", "http://", "https://[", "NaN", "Infinity", "1e999", "-0"));

    [Fact]
    public void Every_setting_is_among_these() => Assert.InRange(Names.Length, 60, 200);

    [Fact]
    public void Any_values_give_settings_or_problems_that_are_fit_to_be_shown() =>
        Gen.Select(Gen.OneOf(Names), Values, (name, value) => (name, (string?)value)).Array[1, 4].Hold(2_000, changes =>
        {
            var result = Given.Load(changes);

            Assert.Equal(result.Problems.Count == 0, result.Settings is not null);
            Assert.All(result.Problems.Concat(result.Warnings), said => HostileText.AssertHarmless(said, 1_000));
            HostileText.AssertHarmless(result.Settings?.MachineSecrets.SupabaseUrl, int.MaxValue);
            HostileText.AssertHarmless(result.Settings?.HealthProbe.Address?.ToString(), int.MaxValue);
            HostileText.AssertHarmless(result.Settings?.Loops.SignalFile, int.MaxValue);
        });

    [Fact]
    public void Any_names_below_ours_are_told_in_words_fit_to_be_shown() =>
        Gen.Select(Gen.OneOf("Reconciler:", "Reconciler:Env:", "Reconciler:Tiers:", "Reconciler:Prices:RegionMarkup:", "Reconciler:Work"), HostileText.Any).Hold(1_000, (root, name) =>
        {
            var result = Given.Load((root + name, "x"));

            Assert.All(result.Problems.Concat(result.Warnings), said => HostileText.AssertHarmless(said, 1_000));
        });

    [Fact]
    public void No_value_of_a_secret_is_ever_repeated() =>
        Gen.Select(Gen.OneOf(Secrets), HostileText.Any, Gen.OneOf(Names)).Hold(2_000, (name, noise, elsewhere) =>
        {
            var secret = "Zq7#" + (noise.Length > 200 ? noise[..200] : noise) + "#xW9";

            var result = Given.Load((name, secret), ("FLY_ORG_SLUG", secret), ("Reconciler__Workers", secret), (elsewhere, secret));

            Assert.All(result.Problems.Concat(result.Warnings), said => Assert.DoesNotContain("Zq7#", said, StringComparison.Ordinal));
        });

    [Fact]
    public void The_longest_variables_that_a_system_passes_on_are_judged_in_time()
    {
        const int Longest = 128 * 1024; // Linux' limit for one of them
        foreach (var text in HostileText.Pieces.Select(piece => HostileText.Repeat(piece, Longest)))
        {
            HostileRun.InTime(() =>
            {
                Given.Load(("Reconciler:" + text, "x"), ("Reconciler:Env:" + text, text));
                Given.Load([.. Names.Where(n => n != "Reconciler").Select(n => (n, (string?)text))]);
            });
        }
    }

    [Fact]
    public void An_address_is_printable_ASCII_because_its_text_is_shown_and_handed_to_machines()
    {
        foreach (var odd in new[] { "\u202E", "\u2028", "\n", "\u00e9", "\u200B" })
        {
            Assert.NotEmpty(Given.Load(("SUPABASE_URL", $"https://abc.supabase.co/a{odd}b")).Problems);
            Assert.NotEmpty(Given.Load(("Reconciler__HealthProbe__UrlTemplate", $"http://{{app}}/a{odd}b")).Problems);
        }
    }

    [Fact]
    public void A_name_with_line_ends_is_shown_on_one_line() =>
        Assert.All(Given.Load(("Reconciler:Wor\nkers\u001B[2J", "1")).Problems, said => HostileText.AssertHarmless(said));

    private static class Recorder
    {
        /// <summary>The names are known only to those who ask for them.</summary>
        public static IEnumerable<string> AllNames()
        {
            var asked = new Asked();
            SettingsLoader.Load(asked);
            return asked.Names.Order(StringComparer.Ordinal);
        }
    }

    private sealed class Asked : Microsoft.Extensions.Configuration.IConfiguration
    {
        private readonly Microsoft.Extensions.Configuration.IConfigurationRoot _root =
            Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
                new Microsoft.Extensions.Configuration.ConfigurationBuilder(), Given.Valid()).Build();

        public HashSet<string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

        public string? this[string key]
        {
            get
            {
                Names.Add(key);
                return _root[key];
            }
            set => throw new NotSupportedException();
        }

        public IEnumerable<Microsoft.Extensions.Configuration.IConfigurationSection> GetChildren() => _root.GetChildren();

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => _root.GetReloadToken();

        public Microsoft.Extensions.Configuration.IConfigurationSection GetSection(string key) => _root.GetSection(key);
    }
}
