using System.Globalization;
using System.Text.RegularExpressions;

namespace Operations.Tests.Scraping;

/// <summary>A metric as a scrape shows it.</summary>
/// <param name="Name">As in the <c># TYPE</c> line: of a histogram without <c>_bucket</c>, <c>_sum</c>, <c>_count</c>.</param>
/// <param name="Labels">Every label name that any of its series has, sorted, without <c>le</c>.</param>
internal sealed record MetricFamily(string Name, string Type, IReadOnlySet<string> Labels, int Series);

internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>Prometheus' text format, read.</summary>
internal sealed partial class Exposition
{
    private const string Scope = "otel_scope_";

    private Exposition(IReadOnlyList<Sample> samples, IReadOnlyList<MetricFamily> families, int bytes) =>
        (Samples, Families, Bytes) = (samples, families, bytes);

    public IReadOnlyList<Sample> Samples { get; }
    public IReadOnlyList<MetricFamily> Families { get; }
    public int Bytes { get; }

    public static async Task<Exposition> ScrapeAsync(Uri daemon)
    {
        using var http = new HttpClient();
        return Parse(await http.GetStringAsync(new Uri(daemon, "metrics")));
    }

    public static Exposition Parse(string text)
    {
        var types = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var samples = new List<Sample>();
        foreach (var line in text.Split('\n').Where(l => l.Length > 0))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                types[words[2]] = words[3];
            }
            else if (line[0] != '#')
            {
                samples.Add(SampleOf(line));
            }
        }

        var byFamily = samples.ToLookup(s => FamilyOf(s.Name, types), StringComparer.Ordinal);
        var families = types.Select(t => new MetricFamily(
            t.Key,
            t.Value,
            byFamily[t.Key].SelectMany(s => s.Labels.Keys).Where(l => l != "le" && !l.StartsWith(Scope, StringComparison.Ordinal)).ToSortedSet(),
            byFamily[t.Key].Count()));
        return new Exposition(samples, [.. families], System.Text.Encoding.UTF8.GetByteCount(text));
    }

    private static Sample SampleOf(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"no sample: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value)
            .ToDictionary(l => l.Groups["name"].Value, l => l.Groups["value"].Value, StringComparer.Ordinal);
        return new Sample(match.Groups["name"].Value, labels, double.Parse(match.Groups["value"].Value.Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture));
    }

    private static string FamilyOf(string name, IReadOnlyDictionary<string, string> types)
    {
        foreach (var suffix in new[] { "_bucket", "_sum", "_count" })
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && types.GetValueOrDefault(name[..^suffix.Length]) == "histogram")
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][\w:]*)(\{(?<labels>.*)\})? (?<value>\S+)( \d+)?$""")]
    private static partial Regex Line();

    [GeneratedRegex("""(?<name>\w+)="(?<value>(\\.|[^"\\])*)""")]
    private static partial Regex Label();
}

internal static class Sets
{
    public static SortedSet<string> ToSortedSet(this IEnumerable<string> words) => new(words, StringComparer.Ordinal);
}
