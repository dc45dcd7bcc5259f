using System.Text;

namespace FlyApi.Calls;

/// <summary>Builds paths from identifiers that came from elsewhere, so that none of them can reach another path.</summary>
internal static class FlyPath
{
    public static string App(string appName) => $"/v1/apps/{Segment(appName)}";

    public static string Machine(string appName, string machineId) => $"{App(appName)}/machines/{Segment(machineId)}";

    public static string Org(string orgSlug) => $"/v1/orgs/{Segment(orgSlug)}";

    /// <summary>Appends the parameters that have a value.</summary>
    public static string WithQuery(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var text = new StringBuilder(path);
        var separator = '?';
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
            {
                text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }

        return text.ToString();
    }

    /// <exception cref="ArgumentException">Empty, or a dot segment, which <see cref="Uri"/> would resolve to another path even when escaped.</exception>
    private static string Segment(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        return value is "." or ".."
            ? throw new ArgumentException("A dot segment is no identifier.", nameof(value))
            : Uri.EscapeDataString(value);
    }
}
