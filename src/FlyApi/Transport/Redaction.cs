using System.Net;
using System.Text.Json;
using FlyApi.Calls;
using FlyApi.Errors;

namespace FlyApi.Transport;

/// <summary>Cleans what an answer says of everything secret that was in its request, in each form in which a server may repeat it.</summary>
/// <param name="call">Its secrets and its lease.</param>
/// <param name="configured">The token as configured.</param>
/// <param name="credentials">What stood in the Authorization header: for a registry that is the token in base64.</param>
internal sealed class Redaction(FlyCall call, string configured, string? credentials)
{
    private string[]? _forms;

    public string Clean(string text) => FlyErrorText.Clean(text, _forms ??= [.. Secrets().SelectMany(Forms).Distinct(StringComparer.Ordinal)]);

    private IEnumerable<string> Secrets() =>
        [.. call.Secrets, .. FlyToken.Strip(configured).Split(','), call.LeaseNonce ?? "", credentials ?? ""];

    /// <summary>As it is, and as JSON, an address or a page write it.</summary>
    private static IEnumerable<string> Forms(string secret) =>
        [secret, JsonEncodedText.Encode(secret).ToString(), Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret)];
}
