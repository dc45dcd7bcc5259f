namespace Operations.Tests.Documents;

/// <summary>A query of the dashboard, as it stands there.</summary>
internal sealed record PanelQuery(string Panel, string Expression);

/// <summary>The dashboard in <c>deploy/grafana</c>.</summary>
internal static class Dashboard
{
    /// <summary>Prometheus' own step is a second in these tests; Grafana takes at least four scrapes.</summary>
    private const string RateInterval = "5m";

    public static JsonNode Json { get; } = JsonNode.Parse(Repository.Read("deploy", "grafana", "reconciler.json"))!;

    public static IReadOnlyList<JsonNode> Panels { get; } = [.. Json["panels"]!.AsArray().Select(p => p!)];

    public static IReadOnlyList<PanelQuery> Queries { get; } =
    [
        .. Panels.SelectMany(p => (p["targets"]?.AsArray() ?? []).Select(t => new PanelQuery(p["title"]!.GetValue<string>(), t!["expr"]!.GetValue<string>()))),
    ];

    /// <summary>With the variables as Grafana would put them in: every instance, and its own interval.</summary>
    public static string Substitute(string expression) => expression
        .Replace("$instance", ".*", StringComparison.Ordinal)
        .Replace("$__rate_interval", RateInterval, StringComparison.Ordinal);
}
