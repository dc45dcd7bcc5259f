using Operations.Tests.Documents;
using Operations.Tests.Scraping;

namespace Operations.Tests;

/// <summary>What the daemon's <c>/metrics</c> answers, and what docs/metrics.md says of it.</summary>
[Collection(FleetCollection.Name)]
public sealed class ScrapeTests(RunningFleet fleet)
{
    private const string Sometimes = "Only once it has happened";

    /// <summary>Theirs may come and go with what happened; ours are there with all their labels.</summary>
    private static readonly string[] Libraries = ["db_client_", "http_client_", "dotnet_", "target_info"];

    private static IReadOnlyList<(string Heading, MetricFamily Family)> Documented { get; } =
    [
        .. MarkdownTables.Rows(Repository.Read("docs", "metrics.md")).Select(r => (
            r.Heading,
            new MetricFamily(
                MarkdownTables.Code(r.Cells[0]),
                r.Cells[1],
                r.Cells[2].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(MarkdownTables.Code).ToSortedSet(),
                0))),
    ];

    [Fact]
    public async Task Every_metric_of_the_scrape_is_documented_with_its_type_and_labels()
    {
        var documented = Documented.ToDictionary(d => d.Family.Name, d => d.Family, StringComparer.Ordinal);

        foreach (var family in (await Exposition.ScrapeAsync(fleet.Daemon)).Families)
        {
            Assert.True(documented.TryGetValue(family.Name, out var told), $"{family.Name} is not in docs/metrics.md");
            Assert.Equal((family.Name, told.Type), (family.Name, family.Type));
            if (IsOfLibrary(family.Name))
            {
                Assert.Subset(told.Labels.ToHashSet(), family.Labels.ToHashSet());
            }
            else
            {
                Assert.Equal((family.Name, string.Join(',', told.Labels)), (family.Name, string.Join(',', family.Labels)));
            }
        }
    }

    [Fact]
    public async Task Every_documented_metric_is_in_the_scrape()
    {
        var scraped = (await Exposition.ScrapeAsync(fleet.Daemon)).Families.Select(f => f.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(Documented.Where(d => d.Heading != Sometimes && !scraped.Contains(d.Family.Name)).Select(d => d.Family.Name));
    }

    [Fact]
    public async Task The_fleet_adds_up()
    {
        await fleet.World.EventuallyAsync(
            async () =>
            {
                var samples = (await Exposition.ScrapeAsync(fleet.Daemon)).Samples;
                return Sum(samples, "reconciler_users") == 4 && Sum(samples, "reconciler_wished_users") == 4
                    && Sum(samples, "reconciler_image_users") == 4 && Sum(samples, "reconciler_unconverged_users") == 2
                    && Sum(samples, "reconciler_destroy_budget_left") == 0 && Sum(samples, "reconciler_estimated_monthly_cost_dollars") > 0;
            },
            "four users, two of them held up");
    }

    [Fact]
    public async Task A_failed_call_is_counted_by_class_status_and_action()
    {
        var samples = (await Exposition.ScrapeAsync(fleet.Daemon)).Samples;

        Assert.True(Sum(samples, "fly_api_requests_total", ("operation", "machines.create"), ("status", "500")) >= 1);
        Assert.True(Sum(samples, "reconciler_errors_total", ("class", "ambiguous")) + Sum(samples, "reconciler_errors_total", ("class", "transient")) >= 1);
        Assert.True(Sum(samples, "reconciler_actions_total", ("action", "create_machine"), ("outcome", "done")) >= 4);
        Assert.True(Sum(samples, "controller_runtime_reconcile_errors_total") >= 1);
    }

    private static bool IsOfLibrary(string name) => Libraries.Any(l => name.StartsWith(l, StringComparison.Ordinal));

    private static double Sum(IEnumerable<Sample> samples, string name, params (string Label, string Value)[] labels) => samples
        .Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).Sum(s => s.Value);
}
