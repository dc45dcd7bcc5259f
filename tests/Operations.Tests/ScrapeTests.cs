using Operations.Tests.Scraping;

namespace Operations.Tests;

/// <summary>What the daemon's <c>/metrics</c> answers.</summary>
[Collection(FleetCollection.Name)]
public sealed class ScrapeTests(RunningFleet fleet)
{
    [Fact]
    public async Task Look()
    {
        using var http = new HttpClient();
        await File.WriteAllTextAsync("/tmp/wt-scrape.txt", await http.GetStringAsync(new Uri(fleet.Daemon, "metrics")));
        var e = await Exposition.ScrapeAsync(fleet.Daemon);
        await File.WriteAllTextAsync("/tmp/wt-families.txt", string.Join('\n', e.Families.Select(f => $"{f.Name}|{f.Type}|{string.Join(',', f.Labels)}|{f.Series}")));
    }
}
