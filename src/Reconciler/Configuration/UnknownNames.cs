using Microsoft.Extensions.Configuration;

namespace Reconciler.Configuration;

/// <summary>Finds names that nobody reads: a mistyped limit would otherwise silently be no limit.</summary>
internal static class UnknownNames
{
    /// <param name="root">The section that is ours alone.</param>
    /// <param name="reader">Has been asked for every name that exists.</param>
    public static void Report(IConfiguration configuration, string root, SettingsReader reader)
    {
        var unknown = configuration.GetSection(root).AsEnumerable()
            .Where(pair => pair.Value is not null && !reader.IsKnown(pair.Key))
            .Select(pair => pair.Key)
            .Order(StringComparer.Ordinal);
        foreach (var name in unknown)
        {
            var nearest = EditDistance.Nearest(name, reader.Names.Where(known => known.StartsWith(root + ":", StringComparison.Ordinal)));
            reader.Problem(name, nearest is null
                ? "is not a setting: remove it"
                : $"is not a setting: did you mean {SettingsReader.Display(nearest)}? Rename it, or remove it");
        }
    }
}
