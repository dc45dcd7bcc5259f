using System.Security.Cryptography;
using System.Text;

namespace Reconciler.WebConsole;

/// <summary>The console's style, script and icon, embedded in the program.</summary>
internal static class Assets
{
    private const string Prefix = "WebConsole.Assets.";

    private static readonly Dictionary<string, (byte[] Body, string Type)> All = new(StringComparer.Ordinal)
    {
        ["console.css"] = (Load("console.css"), "text/css; charset=utf-8"),
        ["console.js"] = (Load("console.js"), "text/javascript; charset=utf-8"),
        ["icon.svg"] = (Load("icon.svg"), "image/svg+xml"),
    };

    /// <summary>Stands in the addresses, so that a new version is fetched and an old one is never asked for again.</summary>
    public static string Version { get; } = Convert.ToHexStringLower(
        SHA256.HashData([.. All.OrderBy(a => a.Key, StringComparer.Ordinal).SelectMany(a => a.Value.Body)]).AsSpan(0, 4));

    public static (byte[] Body, string Type)? Find(string name) => All.TryGetValue(name, out var asset) ? asset : null;

    private static byte[] Load(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"{name} is not embedded");
        using var reader = new StreamReader(stream);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd());
    }
}
