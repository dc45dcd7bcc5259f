using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using FlySim.Admin;
using Microsoft.Extensions.Time.Testing;

namespace FlySim.Tests;

/// <summary>A simulator of its own for each test, on a clock that moves only when the test says so, with limits off and one image.</summary>
internal sealed class Sim : IAsyncDisposable
{
    public const string Image = "registry.fly.io/vyx-app:good";
    public const string App = "user-app";

    private readonly FlySimServer? _server;
    private readonly HttpMessageHandler _handler;
    private readonly HttpClient _http;

    private Sim(FlySimServer? server, HttpMessageHandler handler, Uri baseAddress, FakeTimeProvider? clock)
    {
        _server = server;
        _handler = handler;
        BaseAddress = baseAddress;
        Clock = clock ?? new FakeTimeProvider();
        Admin = new FlySimClient(baseAddress, handler);
        _http = NewClient();
    }

    public Uri BaseAddress { get; }

    public FlySimClient Admin { get; }

    public FakeTimeProvider Clock { get; }

    /// <param name="settings">Changes to the default settings, limits off.</param>
    /// <param name="realTime">For what waits by itself.</param>
    public static async Task<Sim> StartAsync(Host host, Func<SimSettings, SimSettings>? settings = null, bool realTime = false)
    {
        var clock = realTime ? null : new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var basis = new SimSettings { RateLimits = false, WholeSeconds = false };
        var options = new FlySimOptions
        {
            TimeProvider = clock ?? TimeProvider.System,
            Settings = settings?.Invoke(basis) ?? basis,
        };
        var sim = host == Host.Http
            ? await OverHttpAsync(options, clock)
            : new Sim(null, InProcessFly.Create(options).Handler, InProcessFly.BaseAddress, clock);
        await sim.Admin.RegisterImageAsync(Image);
        return sim;
    }

    private static async Task<Sim> OverHttpAsync(FlySimOptions options, FakeTimeProvider? clock)
    {
        var server = await FlySimServer.StartAsync(options);
        return new Sim(server, new SocketsHttpHandler(), server.BaseAddress, clock);
    }

    /// <summary>A simulator with an app whose secrets the program needs.</summary>
    public static async Task<Sim> StartWithAppAsync(Host host, Func<SimSettings, SimSettings>? settings = null, bool realTime = false)
    {
        var sim = await StartAsync(host, settings, realTime);
        await sim.CreateAppAsync(App);
        await sim.SetSecretsAsync(("SUPABASE_URL", "https://project.supabase.co"), ("SUPABASE_SERVICE_KEY", "key-1"));
        return sim;
    }

    /// <summary>A client with the right token.</summary>
    public HttpClient NewClient()
    {
        var client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sim-token");
        return client;
    }

    public void Pass(int milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    public Task<Answer> DeleteAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Delete, path, null, headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    public Task<Answer> CreateAppAsync(string name) => PostAsync("v1/apps", $$"""{"name":"{{name}}","org_slug":"vyx"}""");

    public async Task<long> SetSecretsAsync(params (string Name, string? Value)[] values)
    {
        var map = new JsonObject(values.Select(v => KeyValuePair.Create(v.Name, (JsonNode?)v.Value)));
        var answer = await PostAsync($"v1/apps/{App}/secrets", new JsonObject { ["values"] = map }.ToJsonString());
        Assert.Equal(200, answer.Status);
        return answer.Json["version"]!.GetValue<long>();
    }

    /// <summary>Creates a machine and returns its id.</summary>
    /// <param name="members">More members of the body, each with a leading comma.</param>
    /// <param name="config">More members of the config, each with a leading comma.</param>
    public async Task<string> CreateMachineAsync(string members = "", string config = "", string image = Image)
    {
        var answer = await TryCreateMachineAsync(members, config, image);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json["id"]!.GetValue<string>();
    }

    public Task<Answer> TryCreateMachineAsync(string members = "", string config = "", string image = Image) =>
        PostAsync($"v1/apps/{App}/machines", $$"""{"config":{"image":"{{image}}"{{config}}}{{members}}}""");

    /// <summary>A machine that has booted.</summary>
    public async Task<string> StartedMachineAsync(string members = "", string config = "", string image = Image)
    {
        var id = await CreateMachineAsync(members, config, image);
        Pass(300);
        return id;
    }

    public Task<Answer> UpdateAsync(string machine, string members = "", string image = Image, string config = "", string? nonce = null) =>
        PostAsync(
            Path(machine),
            $$"""{"config":{"image":"{{image}}"{{config}}}{{members}}}""",
            nonce is null ? [] : [("fly-machine-lease-nonce", nonce)]);

    public async Task<JsonObject> MachineAsync(string id) => (JsonObject)(await GetAsync(Path(id))).Json;

    public async Task<string> StateOfAsync(string id) => (await MachineAsync(id))["state"]!.GetValue<string>();

    public async Task<MachineState> TruthOfAsync(string id) => (await Admin.StateAsync()).App(App)!.Machines.Single(m => m.Id == id);

    public static string Path(string machine, string rest = "") => $"v1/apps/{App}/machines/{machine}{rest}";

    public ValueTask DisposeServerAsync() => _server?.DisposeAsync() ?? default;

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        Admin.Dispose();
        _handler.Dispose();
        await DisposeServerAsync();
    }
}

internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Error => Json["error"]?.GetValue<string>();

    public string? Code => Json["status"]?.GetValue<string>();
}
