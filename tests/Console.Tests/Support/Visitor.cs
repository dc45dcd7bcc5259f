using System.Net;
using System.Text.RegularExpressions;

namespace ConsoleTests.Support;

/// <summary>Somebody at the console with a browser's manners but without a browser: cookies, Origin, forms read from pages.</summary>
internal sealed partial class Visitor : IDisposable
{
    public const string Token = "console-token-4b1e7c9d2a60";

    private readonly HttpClient _http;
    private readonly string _origin;

    public Visitor(Uri address)
    {
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address };
        _origin = address.GetLeftPart(UriPartial.Authority);
    }

    public CookieContainer Cookies { get; } = new();

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The raw answer; the caller disposes it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <param name="path">Where the form goes.</param>
    /// <param name="origin">What a browser would say; null = our own pages.</param>
    /// <param name="headers">More headers, as <c>name: value</c>.</param>
    /// <param name="fields">What is filled in.</param>
    public async Task<HttpResponseMessage> PostAsync(
        string path, string? origin, IReadOnlyList<(string Name, string Value)> headers, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        if (origin is not "")
        {
            request.Headers.Add("Origin", origin ?? _origin);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await _http.SendAsync(request);
    }

    public async Task<HttpStatusCode> SignInAsync(string token = Token, string owner = "Nora")
    {
        using var answer = await PostAsync("/session", null, [], ("owner", owner), ("token", token), ("to", "/"));
        return answer.StatusCode;
    }

    /// <summary>The token that the forms of the page carry.</summary>
    public async Task<string> FormTokenAsync(string path)
    {
        var (_, body) = await GetAsync(path);
        return FormField().Match(body) is { Success: true } match ? match.Groups[1].Value : "";
    }

    /// <summary>Does what the page's form does, and returns what the next page says about it.</summary>
    public async Task<(HttpStatusCode Status, string Said)> ActAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var form = await FormTokenAsync(page);
        using var answer = await PostAsync(action, null, [], [("form", form), .. fields]);
        if (answer.StatusCode != HttpStatusCode.SeeOther)
        {
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }

        var (_, body) = await GetAsync(answer.Headers.Location!.OriginalString);
        return (answer.StatusCode, SaidText().Match(body) is { Success: true } match ? WebUtility.HtmlDecode(match.Groups[1].Value) : "");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex FormField();

    [GeneratedRegex("<p class=\"said[^>]*>([^<]*)</p>")]
    private static partial Regex SaidText();
}
