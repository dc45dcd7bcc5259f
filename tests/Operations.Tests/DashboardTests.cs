using Operations.Tests.Documents;
using Operations.Tests.Scraping;

namespace Operations.Tests;

/// <summary>The dashboard in <c>deploy/grafana</c>, asked of a real Prometheus that watched a real daemon.</summary>
[Collection(FleetCollection.Name)]
public sealed class DashboardTests(RunningFleet fleet)
{
    private static readonly string[] Rows = ["Fleet", "Convergence", "Queue", "API budget", "Errors", "Rollouts", "Leadership"];

    public static TheoryData<string, string> Queries
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var query in Dashboard.Queries)
            {
                data.Add(query.Panel, query.Expression);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_returns_numbers(string panel, string expression)
    {
        var query = Dashboard.Substitute(expression);
        Assert.DoesNotContain('$', query);

        await fleet.World.EventuallyAsync(
            async () => (await fleet.Prometheus.QueryAsync(query)).Any(s => s!["value"]![1]!.GetValue<string>() != "NaN"), $"{panel}: {query}");
    }

    [Fact]
    public void No_query_needs_the_recording_rules_because_a_hosted_Prometheus_may_have_none() =>
        Assert.Empty(Dashboard.Queries.SelectMany(q => Rules.MetricsOf(q.Expression)).Where(Rules.Recorded.Contains));

    [Fact]
    public async Task The_instances_to_choose_from_are_those_that_run()
    {
        var variable = Dashboard.Json["templating"]!["list"]!.AsArray().Single(v => v!["name"]!.GetValue<string>() == "instance")!;
        Assert.Equal("label_values(reconciler_info, instance)", variable["definition"]!.GetValue<string>());

        var values = await fleet.Prometheus.LabelValuesAsync("reconciler_info", "instance");

        Assert.Equal(fleet.Daemon.Authority, Assert.Single(values)!.GetValue<string>());
    }

    [Fact]
    public async Task Prometheus_understands_the_annotations()
    {
        foreach (var annotation in Dashboard.Json["annotations"]!["list"]!.AsArray().Where(a => a!["expr"] is not null))
        {
            await fleet.Prometheus.QueryAsync(Dashboard.Substitute(annotation!["expr"]!.GetValue<string>())); // throws when it does not
        }
    }

    [Fact]
    public void Every_panel_takes_its_data_from_the_source_that_is_chosen()
    {
        Assert.Contains(
            Dashboard.Json["templating"]!["list"]!.AsArray(),
            v => v!["name"]!.GetValue<string>() == "datasource" && v["type"]!.GetValue<string>() == "datasource" && v["query"]!.GetValue<string>() == "prometheus");
        foreach (var panel in Dashboard.Panels.Where(p => p["type"]!.GetValue<string>() != "row"))
        {
            Assert.All(panel["targets"]!.AsArray().Append(panel), t => Assert.Equal("${datasource}", t!["datasource"]!["uid"]!.GetValue<string>()));
        }
    }

    [Fact]
    public void The_rows_are_there_and_no_panel_covers_another()
    {
        var rows = Dashboard.Panels.Where(p => p["type"]!.GetValue<string>() == "row").Select(p => p["title"]!.GetValue<string>().Split(" (")[0]);
        Assert.Equal(Rows, rows);
        Assert.Equal(Dashboard.Panels.Count, Dashboard.Panels.Select(p => p["id"]!.GetValue<int>()).Distinct().Count());

        var taken = new HashSet<(int, int)>();
        foreach (var place in Dashboard.Panels.Select(p => p["gridPos"]!))
        {
            var (x, y, w, h) = (At(place, "x"), At(place, "y"), At(place, "w"), At(place, "h"));
            Assert.InRange(x + w, 1, 24);
            Assert.All(
                Enumerable.Range(x, w).SelectMany(column => Enumerable.Range(y, h).Select(line => (column, line))),
                cell => Assert.True(taken.Add(cell), $"two panels at {cell}"));
        }
    }

    private static int At(JsonNode place, string name) => place[name]!.GetValue<int>();
}
