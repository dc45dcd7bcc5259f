using Microsoft.Extensions.Configuration;

namespace Reconciler.Configuration;

/// <summary>Finds names that nobody reads: a mistyped limit would otherwise silently be no limit.</summary>
internal static class UnknownNames
{
    /// <param name="root">The section that is ours alone.</param>
    /// <param name="reader">Has been asked for every name that exists.</param>
    public static void Report(IConfiguration configuration, string root, SettingsReader reader)
    {
        var unknown = Below(configuration.GetSection(root), Deepest)
            .Where(section => (section.Value is not null || Depth(section) > Deepest) && !reader.IsKnown(section.Path))
            .Select(section => section.Path)
            .Order(StringComparer.Ordinal);
        foreach (var name in unknown)
        {
            var nearest = EditDistance.Nearest(name, reader.Names.Where(known => known.StartsWith(root + ":", StringComparison.Ordinal)));
            reader.Problem(name, nearest is null
                ? "is not a setting: remove it"
                : $"is not a setting: did you mean {SettingsReader.Display(nearest)}? Rename it, or remove it");
        }
    }

    /// <summary>No setting has more levels. The walk costs the length of a name for each level of it, so it ends below that.</summary>
    private const int Deepest = 6;

    private static IEnumerable<IConfigurationSection> Below(IConfigurationSection section, int levels)
    {
        foreach (var child in section.GetChildren())
        {
            yield return child;
            if (levels == 0)
            {
                continue;
            }

            foreach (var further in Below(child, levels - 1))
            {
                yield return further;
            }
        }
    }

    private static int Depth(IConfigurationSection section) => section.Path.Count(c => c == ':');
}
