using System.Globalization;
using System.Text.RegularExpressions;
using Tomlyn;
using Tomlyn.Model;

namespace Operations.Tests;

/// <summary>What is deployed fits the program. The image's build and Fly itself cannot be had in a test; everything else about them can.</summary>
public sealed partial class DeploymentTests : WorldTest
{
    /// <summary>As the program waits at most: the drain's default, and what it allows itself beyond.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(25 + 8);

    private static TomlTable FlyToml { get; } =
        TomlSerializer.Deserialize<TomlTable>(Repository.Read("deploy", "fly.toml")) ?? throw new InvalidOperationException("deploy/fly.toml is empty");

    [Fact]
    public void The_daemon_runs_in_Singapore_without_a_second_machine_that_leads_and_is_never_put_to_sleep()
    {
        Assert.Equal("sin", FlyToml["primary_region"]);
        Assert.Equal("rolling", Table("deploy")["strategy"]);
        Assert.Equal("always", ((TomlTable)((TomlTableArray)FlyToml["restart"])[0])["policy"]);
        Assert.DoesNotContain("services", FlyToml.Keys);
        Assert.DoesNotContain("http_service", FlyToml.Keys); // the proxy stops what it has a service for
    }

    [Fact]
    public void It_is_asked_to_stop_by_the_signal_that_it_drains_on_and_is_given_the_time_for_it()
    {
        Assert.Equal("SIGTERM", FlyToml["kill_signal"]);
        Assert.True(TimeSpan.FromSeconds(Convert.ToInt32(FlyToml["kill_timeout"], CultureInfo.InvariantCulture)) > LongestStop);
    }

    [Fact]
    public async Task The_check_and_the_metrics_are_where_the_program_has_them()
    {
        var check = (TomlTable)Table("checks")["ready"];
        var metrics = Table("metrics");
        World.Environment["Reconciler__HttpPort"] = null; // as the program has it by itself

        var daemon = await World.StartReadyAsync(("Reconciler__HttpPort", "0"));

        Assert.Equal(200, await World.StatusAsync(daemon, ((string)check["path"]).TrimStart('/')));
        Assert.Equal(200, await World.StatusAsync(daemon, ((string)metrics["path"]).TrimStart('/')));
        Assert.Equal(check["port"], metrics["port"]);
        Assert.Contains($"| `HttpPort`, `HttpBind` | `{metrics["port"]}`", Repository.Read("README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_variable_that_it_sets_is_one_that_the_program_knows()
    {
        string[] ours = [.. Table("env").Keys.Where(name => !World.Environment.ContainsKey(name))];
        (string, string?)[] given = [.. ours.Select(name => (name, (string?)Table("env")[name].ToString()))];

        var (exit, plan) = await World.RunAsync(given, "plan");

        Assert.True(exit is 0 or 1, plan.Text);
        Assert.All(
            Table("env").Keys, name => Assert.Contains(name, Repository.Read("README.md"), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_that_the_image_copies_is_there()
    {
        var copied = CopiedFiles().Matches(Repository.Read("deploy", "Dockerfile")).SelectMany(m => m.Groups[1].Value.Split(' ')).ToList();

        Assert.True(copied.Count > 5);
        Assert.All(copied, file => Assert.NotEmpty(Directory.GetFileSystemEntries(
            Repository.Path(Path.GetDirectoryName(file.TrimEnd('/')) ?? ""), Path.GetFileName(file.TrimEnd('/')))));
    }

    [Fact]
    public void Every_secret_that_the_program_needs_is_in_the_commands_to_deploy_it()
    {
        var commands = Repository.Read("deploy", "README.md");

        Assert.All(
            ["DATABASE_URL", "FLY_API_TOKEN", "SUPABASE_SERVICE_ROLE_KEY", "GEMINI_API_KEY", "BRAINTRUST_API_KEY", "BRAINTRUST_PROJECT_ID", "OPENROUTER_API_KEY"],
            name => Assert.Contains(name + "=", commands, StringComparison.Ordinal));
    }

    private static TomlTable Table(string name) => (TomlTable)FlyToml[name];

    /// <summary>Sources in the repository; those of another stage are not ours.</summary>
    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex CopiedFiles();
}
