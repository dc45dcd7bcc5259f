using System.Net.Http.Headers;
using System.Text;

namespace FlyApi.Transport;

/// <summary>Turns the configured token into an <c>Authorization</c> header. It is one or more tokens joined by commas; they belong together.</summary>
internal static class FlyToken
{
    private static readonly string[] Schemes = ["FlyV1", "Bearer"];
    private static readonly string[] Macaroons = ["fm1r_", "fm1a_", "fm2_"];

    /// <summary>Macaroons go under Fly's own scheme, older tokens under <c>Bearer</c>, as Fly's own clients do.</summary>
    public static AuthenticationHeaderValue ForApi(string configured)
    {
        var token = Strip(configured);
        var isMacaroon = token.Split(',').Any(static part => Macaroons.Any(prefix => part.Trim().StartsWith(prefix, StringComparison.Ordinal)));
        return new AuthenticationHeaderValue(isMacaroon ? "FlyV1" : "Bearer", token);
    }

    /// <summary>The registry takes Basic authentication with the user <c>x</c>.</summary>
    public static AuthenticationHeaderValue ForRegistry(string configured) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("x:" + Strip(configured))));

    /// <summary>Null when the token can stand in a header; else why not, without quoting it.</summary>
    public static string? Problem(string? configured) =>
        string.IsNullOrWhiteSpace(configured) || Strip(configured).Length == 0 ? "the API token is empty"
        : Strip(configured).AsSpan().ContainsAnyExceptInRange(' ', '~') ? "the API token has a line break or a character that no header can carry"
        : null;

    /// <summary>The token itself, as it is to be blanked from texts.</summary>
    public static string Strip(string configured)
    {
        var token = configured.Trim();
        foreach (var scheme in Schemes)
        {
            if (token.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && (token.Length == scheme.Length || char.IsWhiteSpace(token[scheme.Length])))
            {
                return token[scheme.Length..].Trim();
            }
        }

        return token;
    }
}
