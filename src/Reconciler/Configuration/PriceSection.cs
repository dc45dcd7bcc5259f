namespace Reconciler.Configuration;

/// <summary>Reads the price table.</summary>
internal static class PriceSection
{
    private const string Section = "Reconciler:Prices";
    private const string RegionMarkup = Section + ":RegionMarkup";

    public static PriceTable Read(SettingsReader reader)
    {
        var defaults = new PriceTable();
        return new PriceTable
        {
            PerSharedCpu = reader.Price(Section + ":PerSharedCpu", defaults.PerSharedCpu),
            PerPerformanceCpu = reader.Price(Section + ":PerPerformanceCpu", defaults.PerPerformanceCpu),
            PerGbExtra = reader.Price(Section + ":PerGbExtra", defaults.PerGbExtra),
            RegionMarkup = ReadMarkup(reader, defaults.RegionMarkup),
        };
    }

    private static SortedDictionary<string, decimal> ReadMarkup(SettingsReader reader, IReadOnlyDictionary<string, decimal> defaults)
    {
        var markup = new SortedDictionary<string, decimal>(defaults.ToDictionary(), StringComparer.Ordinal);
        reader.OpenMap(RegionMarkup);
        foreach (var region in reader.Children(RegionMarkup))
        {
            if (Formats.TryRegion(region.Key, out _))
            {
                markup[region.Key] = reader.Price(region.Path, markup.GetValueOrDefault(region.Key, 1m));
            }
            else
            {
                reader.Problem(region.Path, "does not end in a region: allowed are three lower-case letters such as sin; rename it");
            }
        }

        return markup;
    }
}
