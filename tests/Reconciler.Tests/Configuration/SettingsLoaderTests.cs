using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Reconciler.Configuration;
using Reconciler.Images;
using Reconciler.Model;

namespace Reconciler.Tests.Configuration;

public sealed class SettingsLoaderTests
{
    [Fact]
    public void A_complete_environment_has_neither_problems_nor_warnings()
    {
        var result = Given.Load();

        Assert.True(result.IsValid);
        Assert.Empty(result.Problems);
        Assert.Empty(result.Warnings);
    }

    [Theory]
    [InlineData("00:00:03", 0.5)]
    [InlineData("00:00:05", 1.5)]
    [InlineData("00:00:06", 2)]
    [InlineData("00:00:15", 5)]
    public void A_lease_is_renewed_so_often_that_one_lost_renewal_does_not_lose_it(string ttl, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Given.Settings(("Reconciler__LeaseTtl", ttl)).Lease.Renew);

    [Fact]
    public void What_is_not_set_has_the_documented_default()
    {
        var settings = Given.Settings();

        Assert.Equal(ReconcilerMode.Enforce, settings.Mode);
        Assert.Equal(new Uri("https://api.machines.dev"), settings.Fly.ApiAddress);
        Assert.Equal(new Uri("https://registry.fly.io"), settings.Fly.RegistryAddress);
        Assert.Equal("sin", settings.Fly.Region);
        Assert.Equal("vyx-user-", settings.Fleet.AppNamePrefix);
        Assert.Equal(("shared", 2, 512), (settings.Fleet.Guests["pro"].CpuKind, settings.Fleet.Guests["pro"].Cpus, settings.Fleet.Guests["pro"].MemoryMb));
        Assert.Equal(settings.Fleet.Guests["pro"], settings.Fleet.Guests["elite"]);
        Assert.False(settings.Fleet.PublicIngress);
        Assert.Equal(
            new HealthCheckPolicy("health", 8080, "/health", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)),
            settings.Fleet.Check);
        Assert.Equal(16, settings.Loops.Workers);
        Assert.Equal("/tmp/fly-reconciler/force", settings.Loops.SignalFile);
        Assert.Equal(TimeSpan.FromSeconds(25), settings.Loops.DrainTimeout);
        Assert.Equal(new LeaseSettings("reconciler", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5)), settings.Lease);
        Assert.Equal(5, settings.Guards.DestroyBudget);
        Assert.Equal(0.05, settings.Guards.DestroyBudgetShare);
        Assert.Equal(new Timings(), settings.Timings);
        Assert.Equal("http://{machine}.vm.{app}.internal:8080/health", settings.HealthProbe.Address?.ToString());
        Assert.Equal(new HttpSettings(null, 9091), settings.Http);
        Assert.True(settings.VerifyServiceKeyOnline);
    }

    [Fact]
    public void An_empty_configuration_lists_everything_that_is_missing_at_once()
    {
        var result = Given.Load(new Dictionary<string, string?>());

        Assert.Null(result.Settings);
        Assert.Equal(
            ["DATABASE_URL", "DOCKER_IMAGE", "FLY_API_TOKEN", "FLY_ORG_SLUG", "SUPABASE_SERVICE_ROLE_KEY", "SUPABASE_URL"],
            result.Problems.Select(problem => problem.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.All(result.Problems, problem => Assert.Contains("is not set: set it to ", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_problem_is_listed_at_once_however_many_there_are()
    {
        var result = Given.Load(
            ("FLY_ORG_SLUG", "Acme Inc"),
            ("FLY_DEFAULT_REGION", "Singapore"),
            ("Reconciler__Workers", "0"),
            ("Reconciler__LeaseTtl", "00:00:01"),
            ("Reconciler__Tiers__pro__Guest", "shared-cpu-2x:256MB"),
            ("Reconciler__Wrokers", "4"),
            ("Reconciler__Env__low", "1"));

        Assert.Null(result.Settings);
        Assert.Equal(7, result.Problems.Count);
    }

    [Theory]
    [InlineData("DATABASE_URL", "  ", "is not set")]
    [InlineData("FLY_ORG_SLUG", "\"acme\"", "quotes")]
    [InlineData("FLY_ORG_SLUG", "Acme Inc", "fly orgs list")]
    [InlineData("FLY_DEFAULT_REGION", "SIN", "three lower-case letters")]
    [InlineData("FLY_API_HOSTNAME", "api.machines.dev", "https://api.machines.dev")]
    [InlineData("FLY_API_HOSTNAME", "ftp://api.machines.dev", "http:// or https://")]
    [InlineData("FLY_REGISTRY_HOSTNAME", "registry.fly.io", "https://registry.fly.io")]
    [InlineData("FLY_API_TOKEN", "FlyV1 ", "is not a token")]
    [InlineData("FLY_API_TOKEN", "fm2_a\nfm2_b", "copy it again")]
    [InlineData("DOCKER_IMAGE", "registry.fly.io/", "allowed is an image with a tag or a digest, or follow:APP")]
    [InlineData("DOCKER_IMAGE", "follow:", "name of a Fly app")]
    [InlineData("DOCKER_IMAGE", "follow:Vyx App", "name of a Fly app")]
    [InlineData("SUPABASE_URL", "abcdefghijklmnopqrst.supabase.co", "https://")]
    [InlineData("SUPABASE_URL", "https://supabase.com/dashboard/project/abc", "neither the dashboard's")]
    [InlineData("SUPABASE_URL", "https://abc.supabase.co/rest/v1", "neither the dashboard's")]
    [InlineData("SUPABASE_SERVICE_ROLE_KEY", "sb_secret_one sb_secret_two", "copy it again")]
    [InlineData("GEMINI_API_KEY", "'quoted'", "quotes")]
    [InlineData("Reconciler__Mode", "Dry", "Enforce or Observe")]
    [InlineData("Reconciler__Mode", "1", "Enforce or Observe")]
    [InlineData("Reconciler__ResyncSchedule", "every minute", "cron")]
    [InlineData("Reconciler__ResyncSchedule", "0 0 30 2 *", "comes at all")]
    [InlineData("Reconciler__AuditSchedule", "* * * *", "cron")]
    [InlineData("Reconciler__Workers", "0", "1 to 256")]
    [InlineData("Reconciler__Workers", "257", "1 to 256")]
    [InlineData("Reconciler__Workers", "many", "1 to 256")]
    [InlineData("Reconciler__Workers", "99999999999999999999", "1 to 256")]
    [InlineData("Reconciler__SignalFile", "force", "absolute path")]
    [InlineData("RECONCILER_SIGNAL_FILE", "/data/", "absolute path")]
    [InlineData("Reconciler__HttpPort", "65536", "0 to 65535")]
    [InlineData("Reconciler__HttpBind", "example.com", "IP address")]
    [InlineData("Reconciler__HttpBind", "9091", "IP address")]
    [InlineData("Reconciler__DeprovisionGrace", "3", "hh:mm:ss or d.hh:mm:ss")]
    [InlineData("Reconciler__DeprovisionGrace", "-01:00:00", "hh:mm:ss")]
    [InlineData("Reconciler__DestroyBudget", "-1", "0 to 100000")]
    [InlineData("Reconciler__DestroyBudgetShare", "5%", "0 to 1")]
    [InlineData("Reconciler__DestroyBudgetShare", "1.5", "0 to 1")]
    [InlineData("Reconciler__DestroyBudgetShare", "NaN", "0 to 1")]
    [InlineData("Reconciler__DestroyBudgetShare", "0,5", "a point before decimals")]
    [InlineData("Reconciler__Shards", "2", "one leader keeps the whole fleet")]
    [InlineData("Reconciler__AppNamePrefix", "Vyx-", "a letter first")]
    [InlineData("Reconciler__AppNamePrefix", "1vyx-", "a letter first")]
    [InlineData("Reconciler__AppNamePrefix", "a234567890123456789012345678901234567890abcd", "up to 43")]
    [InlineData("Reconciler__PublicIngress", "on", "true or false")]
    [InlineData("Reconciler__LeaseName", "Leader Lease", "lower-case")]
    [InlineData("Reconciler__LeaseTtl", "00:00:02", "from 00:00:03")]
    [InlineData("Reconciler__LeaseRenew", "00:00:07", "more than half of what Reconciler__LeaseTtl")]
    [InlineData("Reconciler__FullListInterval", "00:00:01", "less than Reconciler__InformerInterval")]
    [InlineData("Reconciler__HealthProbe__UrlTemplate", "http://example.com/health", "{machine}, {app} or both")]
    [InlineData("Reconciler__HealthProbe__UrlTemplate", "http://{machine}.{region}.internal/", "{machine}, {app} or both")]
    [InlineData("Reconciler__HealthCheck__Path", "health", "begins with /")]
    [InlineData("Reconciler__HealthCheck__Port", "0", "1 to 65535")]
    [InlineData("Reconciler__HealthCheck__Interval", "00:00:00.5", "00:00:01")]
    [InlineData("Reconciler__RateLimitScale", "0", "0.01 to 10000")]
    [InlineData("Reconciler__Prices__PerSharedCpu", "$2", "a point before decimals")]
    [InlineData("Reconciler__Prices__RegionMarkup__singapore", "1.2", "three lower-case letters")]
    [InlineData("Reconciler__Tiers__pro__Guest", "small", "shared-cpu-2x:512MB")]
    [InlineData("Reconciler__Tiers__elite__Guest", "shared-cpu-3x", "1, 2, 4, 6 or 8 CPUs")]
    [InlineData("Reconciler__Tiers__elite__Guest__MemoryMb", "300", "steps of 256 MB")]
    [InlineData("Reconciler__Tiers__elite__Guest__CpuKind", "gpu", "shared or performance")]
    [InlineData("Reconciler__Tiers__free__Guest", "shared-cpu-1x", "pro and elite")]
    [InlineData("Reconciler__Env__lower_case", "1", "A-Z, 0-9 and _")]
    [InlineData("Reconciler__Env__USER_ID", "1", "app secret")]
    [InlineData("Reconciler__Env__Gemini_Api_Key", "1", "app secret")]
    [InlineData("Reconciler__Env__MY__NAME", "1", "two underscores")]
    public void A_wrong_value_is_one_problem_that_names_it_and_says_what_is_allowed(string name, string value, string expected)
    {
        var result = Given.Load((name, value));

        var problem = Assert.Single(result.Problems);
        Assert.Null(result.Settings);
        Assert.Contains(expected, problem, StringComparison.Ordinal);
        var named = problem.Split(' ')[0];
        Assert.True(name.StartsWith(named, StringComparison.Ordinal), problem);
    }

    [Theory]
    [InlineData("Reconciler__Wrokers", "Reconciler__Workers")]
    [InlineData("Reconciler__LeaseTTLs", "Reconciler__LeaseTtl")]
    [InlineData("Reconciler__DestroyBugdet", "Reconciler__DestroyBudget")]
    [InlineData("Reconciler__HealthCheck__Paht", "Reconciler__HealthCheck__Path")]
    [InlineData("Reconciler__Tiers__pro__Gest", "Reconciler__Tiers__pro__Guest")]
    public void A_mistyped_name_is_a_problem_that_suggests_the_nearest_one(string name, string meant)
    {
        var problem = Assert.Single(Given.Load((name, "1")).Problems);

        Assert.Contains($"{name} is not a setting: did you mean {meant}?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_no_other_is_a_problem_without_a_guess()
    {
        var problem = Assert.Single(Given.Load(("Reconciler__Banana", "1")).Problems);

        Assert.Equal("Reconciler__Banana is not a setting: remove it", problem);
    }

    [Fact]
    public void Names_are_read_in_any_case()
    {
        Assert.Equal(3, Given.Settings(("RECONCILER__WORKERS", "3")).Loops.Workers);
    }

    [Fact]
    public void What_is_set_is_read()
    {
        var settings = Given.Settings(
            ("FLY_API_HOSTNAME", "http://_api.internal:4280"),
            ("FLY_DEFAULT_REGION", "ams"),
            ("Reconciler__Mode", "observe"),
            ("Reconciler__ResyncSchedule", "*/30 * * * * *"),
            ("Reconciler__DeprovisionGrace", "1.12:00:00"),
            ("Reconciler__DestroyBudgetShare", "0.5"),
            ("Reconciler__HttpBind", "[::1]"),
            ("Reconciler__HttpPort", "0"),
            ("Reconciler__Env__LOG_LEVEL", "debug"),
            ("Reconciler__LeaseTtl", "00:00:30"),
            ("Reconciler__PollInterval", "00:00:00.1"),
            ("Reconciler__HealthProbe__UrlTemplate", ""),
            ("Reconciler__Tiers__elite__Guest", "performance-2x:8GB"),
            ("Reconciler__Tiers__pro__Guest__Cpus", "4"),
            ("Reconciler__Tiers__pro__Guest__MemoryMb", "1024"),
            ("Reconciler__Prices__RegionMarkup__sin", "1.2"));

        Assert.Equal(new Uri("http://_api.internal:4280"), settings.Fly.ToClientOptions().BaseAddress);
        Assert.Equal(Given.FlyToken, settings.Fly.ToClientOptions().Token());
        Assert.Equal("ams", settings.Fly.Region);
        Assert.Equal(ReconcilerMode.Observe, settings.Mode);
        var noon = new DateTime(2026, 1, 1, 12, 0, 1, DateTimeKind.Utc);
        Assert.Equal(noon.AddSeconds(29), settings.Loops.ResyncSchedule.GetNextOccurrence(noon));
        Assert.Equal(TimeSpan.FromHours(36), settings.Timings.DeprovisionGrace);
        Assert.Equal(0.5, settings.Guards.DestroyBudgetShare);
        Assert.Equal(new HttpSettings(IPAddress.IPv6Loopback, 0), settings.Http);
        Assert.Equal("debug", settings.Fleet.Env["LOG_LEVEL"]);
        Assert.Equal(TimeSpan.FromSeconds(10), settings.Lease.Renew);
        Assert.Equal(TimeSpan.FromMilliseconds(100), settings.Timings.Poll);
        Assert.Null(settings.HealthProbe.Address);
        Assert.Equal(("performance", 2, 8192), Size(settings, "elite"));
        Assert.Equal(("shared", 4, 1024), Size(settings, "pro"));
        Assert.Equal(1.2m, settings.Prices.RegionMarkup["sin"]);
    }

    [Fact]
    public void The_signal_files_own_variable_wins_over_the_section()
    {
        var settings = Given.Settings(("Reconciler__SignalFile", "/data/a"), ("RECONCILER_SIGNAL_FILE", "/data/b"));

        Assert.Equal("/data/b", settings.Loops.SignalFile);
    }

    [Fact]
    public void A_trailing_slash_and_spaces_around_a_value_do_no_harm()
    {
        var settings = Given.Settings(("SUPABASE_URL", " https://abcdefghijklmnopqrst.supabase.co/\n"), ("SUPABASE_SERVICE_ROLE_KEY", Given.ServiceKey + "\n"));

        Assert.Equal("https://abcdefghijklmnopqrst.supabase.co", settings.MachineSecrets.SupabaseUrl);
        Assert.Equal(Given.ServiceKey, settings.MachineSecrets.ServiceRoleKey.Reveal());
    }

    [Theory]
    [InlineData("registry.fly.io/vyx-app:deployment-1", typeof(ImageSource.Tagged))]
    [InlineData("registry.fly.io/vyx-app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", typeof(ImageSource.Exact))]
    [InlineData("follow:vyx-app", typeof(ImageSource.Following))]
    public void The_image_is_named_in_one_of_three_ways(string text, Type kind)
    {
        var settings = Given.Settings(("DOCKER_IMAGE", text));

        Assert.IsType(kind, settings.Image);
        Assert.Equal(text, settings.Image.ToString());
    }

    [Theory]
    [InlineData("DOCKER_IMAGE", "registry.fly.io/vyx-app:latest", "deploys do not move the tag latest")]
    [InlineData("DOCKER_IMAGE", "registry.fly.io/vyx-app", "deploys do not move the tag latest")]
    [InlineData("DOCKER_IMAGE", "docker.example.com/vyx-app:v1", "FLY_REGISTRY_HOSTNAME")]
    [InlineData("GEMINI_API_KEY", "", "not managed")]
    [InlineData("BRAINTRUST_API_KEY", null, "not managed")]
    [InlineData("SUPABASE_URL", "http://supabase.example.com", "travels in clear")]
    [InlineData("SUPABASE_SERVICE_ROLE_KEY", "sb_publishable_abc", "publishable key")]
    [InlineData("Reconciler__Env__STRIPE_KEY", "x", "sounds like a secret")]
    [InlineData("Reconciler__DeprovisionGrace", "00:00:00", "as soon as it has stopped")]
    [InlineData("Reconciler__HealthDeadline", "00:00:30", "rolled back before")]
    [InlineData("Reconciler__RateLimitScale", "2", "429")]
    public void What_is_allowed_and_probably_not_meant_is_a_warning(string name, string? value, string expected)
    {
        var result = Given.Load((name, value));

        Assert.Empty(result.Problems);
        Assert.Contains(expected, Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_budgets_of_zero_are_a_warning()
    {
        var result = Given.Load(("Reconciler__DestroyBudget", "0"), ("Reconciler__DestroyBudgetShare", "0"));

        Assert.Contains("nothing is ever destroyed", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_print_and_serialise_without_any_secret()
    {
        var settings = Given.Settings();

        var shown = settings + JsonSerializer.Serialize(settings) + settings.Fly + settings.MachineSecrets + settings.Fly.ToClientOptions();

        Assert.Contains("acme", shown, StringComparison.Ordinal);
        Assert.All(Given.Secrets, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_in_the_wrong_variable_is_not_shown_in_the_problem()
    {
        string[] anywhere = ["FLY_ORG_SLUG", "FLY_DEFAULT_REGION", "FLY_API_HOSTNAME", "SUPABASE_URL", "DOCKER_IMAGE", "Reconciler__Workers", "Reconciler__LeaseTtl", "Reconciler__Tiers__pro__Guest"];
        var values = Given.Valid();
        string[] secrets = [.. values.Where(pair => pair.Key is not ("FLY_ORG_SLUG" or "DOCKER_IMAGE" or "SUPABASE_URL")).Select(pair => pair.Value!)];

        foreach (var (name, secret) in anywhere.SelectMany(name => secrets.Select(secret => (name, secret))))
        {
            var result = Given.Load((name, secret));

            var said = string.Join('\n', result.Problems.Concat(result.Warnings));
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            Assert.All(Given.Secrets, part => Assert.DoesNotContain(part, said, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_long_or_unprintable_value_is_cut_and_cleaned()
    {
        var problem = Assert.Single(Given.Load(("Reconciler__Workers", "\u001b[31m" + new string('9', 500))).Problems);

        Assert.DoesNotContain('\u001b', problem);
        Assert.True(problem.Length < 250, problem);
    }

    [Fact]
    public void The_shipped_settings_file_is_valid_and_holds_no_secret_names()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "appsettings.json");
        var configuration = new ConfigurationBuilder().AddJsonFile(file, optional: false).AddInMemoryCollection(Given.Valid()).Build();

        var result = SettingsLoader.Load(configuration);

        Assert.Empty(result.Problems);
        Assert.Equal("json", configuration["Logging:Console:FormatterName"]);
        var text = File.ReadAllText(file);
        Assert.All(Given.Valid().Keys, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
    }

    private static (string?, int, int) Size(Settings settings, string tier) =>
        (settings.Fleet.Guests[tier].CpuKind, settings.Fleet.Guests[tier].Cpus, settings.Fleet.Guests[tier].MemoryMb);
}
