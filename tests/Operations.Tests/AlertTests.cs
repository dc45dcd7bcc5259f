using Operations.Tests.Documents;
using Operations.Tests.Scraping;

namespace Operations.Tests;

/// <summary>The rules in <c>deploy/prometheus</c> are right by themselves, fit the daemon, and lead to the runbook.</summary>
[Collection(FleetCollection.Name)]
public sealed class AlertTests(RunningFleet fleet)
{
    public static TheoryData<string> Names => [.. Rules.Alerts.Select(a => a.Name)];

    [Fact]
    public async Task Promtool_accepts_the_rules()
    {
        var (exit, text) = await Tool.RunAsync("promtool", "check", "rules", Rules.File);

        Assert.True(exit == 0, text);
    }

    [Fact]
    public async Task The_rules_pass_their_unit_tests()
    {
        var (exit, text) = await Tool.RunAsync("promtool", "test", "rules", Rules.TestFile);

        Assert.True(exit == 0, text);
    }

    [Fact]
    public async Task Every_metric_in_the_rules_is_one_that_the_daemon_has()
    {
        var scraped = (await Exposition.ScrapeAsync(fleet.Daemon)).Samples.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

        Assert.True(Rules.Metrics.Count > 12);
        Assert.Empty(Rules.Metrics.Where(m => !scraped.Contains(m) && !Rules.Recorded.Contains(m)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not(string name)
    {
        Assert.Contains(true, Rules.Cases[name]);
        Assert.Contains(false, Rules.Cases[name]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_says_how_bad_it_is_and_what_to_do_and_where_to_read_on(string name)
    {
        var alert = Rules.Alerts.Single(a => a.Name == name);

        Assert.Contains(alert.Severity, new[] { "critical", "warning" });
        Assert.True(alert.Summary.Length > 30);
        Assert.EndsWith($"docs/runbook.md#{name.ToLowerInvariant()}", alert.RunbookUrl, StringComparison.Ordinal);
        Assert.Contains($"\n### {name}\n", Repository.Read("docs", "runbook.md"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_runbook_names_no_alert_that_is_not_there()
    {
        var runbook = await File.ReadAllTextAsync(Repository.Path("docs", "runbook.md"));
        var sections = runbook.Split('\n').Where(l => l.StartsWith("### Reconciler", StringComparison.Ordinal)).Select(l => l[4..]);

        Assert.Empty(sections.Except(Rules.Alerts.Select(a => a.Name), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_tripped_guard_is_an_alert_in_a_running_Prometheus() =>
        await fleet.World.EventuallyAsync(
            () => fleet.Prometheus.HasAsync("""ALERTS{alertname="ReconcilerDestroyBreakerTripped",alertstate="firing"}"""), "the alert fires");
}
