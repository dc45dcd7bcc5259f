using System.Text.RegularExpressions;

namespace Operations.Tests.Documents;

/// <summary>An alert as the rules file has it.</summary>
internal sealed record Alert(string Name, string Text)
{
    public string Severity => Regex.Match(Text, """labels: \{severity: (\w+)\}""").Groups[1].Value;
    public string Summary => Regex.Match(Text, """summary: "?([^"\n]+)""").Groups[1].Value;
    public string RunbookUrl => Regex.Match(Text, """runbook_url: (\S+)""").Groups[1].Value;
}

/// <summary>The rules and their tests, read as far as these tests need.</summary>
internal static partial class Rules
{
    public static string File { get; } = Repository.Path("deploy", "prometheus", "reconciler.rules.yml");
    public static string TestFile { get; } = Repository.Path("deploy", "prometheus", "reconciler.rules.test.yml");

    public static IReadOnlyList<Alert> Alerts { get; } =
        [.. AlertBlock().Matches(System.IO.File.ReadAllText(File)).Select(m => new Alert(m.Groups["name"].Value, m.Groups["text"].Value))];

    public static IReadOnlySet<string> Recorded { get; } =
        Record().Matches(System.IO.File.ReadAllText(File)).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>Every metric that an expression of the rules names, those that the rules record included.</summary>
    public static IReadOnlySet<string> Metrics { get; } = Expression().Matches(System.IO.File.ReadAllText(File))
        .SelectMany(m => MetricsOf(m.Groups["text"].Value)).ToHashSet(StringComparer.Ordinal);

    /// <summary>By alert: whether each of its cases expects it to fire.</summary>
    public static ILookup<string, bool> Cases { get; } = Case().Matches(System.IO.File.ReadAllText(TestFile))
        .ToLookup(m => m.Groups["name"].Value, m => !m.Groups["none"].Success, StringComparer.Ordinal);

    /// <summary>Names in PromQL: what is left of labels, texts and groupings and has an underscore or a colon.</summary>
    public static IEnumerable<string> MetricsOf(string expression) =>
        Name().Matches(NoName().Replace(expression, " ")).Select(m => m.Value).Where(n => n != "histogram_quantile");

    [GeneratedRegex("""- alert: (?<name>\w+)\n(?<text>.*?)(?=\n      - alert:|\n\s*\n|\z)""", RegexOptions.Singleline)]
    private static partial Regex AlertBlock();

    [GeneratedRegex("""record: (?<name>\S+)""")]
    private static partial Regex Record();

    [GeneratedRegex("""expr: (?<text>.*?)(?=\n\s+(for|labels|annotations):|\n\s+- |\n\s*\n|\n\s+#|\z)""", RegexOptions.Singleline)]
    private static partial Regex Expression();

    [GeneratedRegex("""\{[^}]*\}|"[^"]*"|\[[^\]]*\]|\b(by|on)\s*\([^)]*\)""")]
    private static partial Regex NoName();

    [GeneratedRegex("""\b[a-z]\w*[_:][\w:]*""")]
    private static partial Regex Name();

    [GeneratedRegex("""alertname: (?<name>\w+)\n\s+exp_alerts:(?<none> \[\])?""")]
    private static partial Regex Case();
}
