using System.Diagnostics.CodeAnalysis;

namespace Reconciler.Health;

/// <summary>A URL with the placeholders <c>{app}</c> and <c>{machine}</c>.</summary>
public sealed record ProbeAddress
{
    private const string App = "{app}";
    private const string Machine = "{machine}";
    private readonly string _template;

    private ProbeAddress(string template) => _template = template;

    /// <summary>Accepts http and https URLs that name the app, the machine or both.</summary>
    public static bool TryParse(string template, [NotNullWhen(true)] out ProbeAddress? address)
    {
        var candidate = new ProbeAddress(template);
        var named = template.Contains(App, StringComparison.Ordinal) || template.Contains(Machine, StringComparison.Ordinal);
        var printable = !template.AsSpan().ContainsAnyExceptInRange('!', '~');
        address = named && printable && candidate.For("app", "machine") is not null ? candidate : null;
        return address is not null;
    }

    /// <summary>The address of one machine; null when the names could lead the request to another host or path.</summary>
    public Uri? For(string appName, string machineId)
    {
        if (!IsPlain(appName) || !IsPlain(machineId))
        {
            return null;
        }

        var text = _template.Replace(App, appName, StringComparison.Ordinal).Replace(Machine, machineId, StringComparison.Ordinal);
        var valid = !text.AsSpan().ContainsAny('{', '}')
            && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
            && uri.UserInfo.Length == 0;
        return valid ? new Uri(text) : null;
    }

    public override string ToString() => _template;

    private static bool IsPlain(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
