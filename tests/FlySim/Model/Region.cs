namespace FlySim.Model;

internal sealed record Region(string Code, string Name, string Geo, double Latitude, double Longitude, bool Deprecated = false);

/// <summary>A choice of the platform's regions, a deprecated one among them.</summary>
internal static class Regions
{
    public static readonly IReadOnlyList<Region> All =
    [
        new("ams", "Amsterdam, Netherlands", "europe", 52.374, 4.889),
        new("bog", "Bogotá, Colombia", "south_america", 4.711, -74.072, Deprecated: true),
        new("cdg", "Paris, France", "europe", 48.864, 2.349),
        new("fra", "Frankfurt, Germany", "europe", 50.107, 8.663),
        new("gru", "São Paulo, Brazil", "south_america", -23.549, -46.633),
        new("iad", "Ashburn, Virginia (US)", "north_america", 39.02, -77.539),
        new("lax", "Los Angeles, California (US)", "north_america", 33.942, -118.408),
        new("lhr", "London, United Kingdom", "europe", 51.516, -0.177),
        new("nrt", "Tokyo, Japan", "asia_pacific", 35.621, 139.742),
        new("ord", "Chicago, Illinois (US)", "north_america", 41.892, -87.633),
        new("sin", "Singapore, Singapore", "asia_pacific", 1.3, 103.8),
        new("sjc", "San Jose, California (US)", "north_america", 37.352, -121.955),
        new("syd", "Sydney, Australia", "asia_pacific", -33.866, 151.206),
    ];

    public static bool Exists(string code) => All.Any(r => r.Code == code);
}
