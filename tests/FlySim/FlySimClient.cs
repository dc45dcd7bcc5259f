using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlySim.Admin;

namespace FlySim;

/// <summary>The simulator's admin API, typed. Throws <see cref="HttpRequestException"/> with the server's text when it refuses.</summary>
public sealed class FlySimClient : IDisposable
{
    private readonly HttpClient _http;

    public FlySimClient(Uri baseAddress) => _http = new HttpClient { BaseAddress = Admin(baseAddress) };

    /// <param name="handler">Carries the requests and stays the caller's to dispose.</param>
    public FlySimClient(Uri baseAddress, HttpMessageHandler handler) =>
        _http = new HttpClient(handler, disposeHandler: false) { BaseAddress = Admin(baseAddress) };

    /// <summary>The form in which values appear in <see cref="SimState"/>.</summary>
    public static string HashOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    public Task<SimState> StateAsync(CancellationToken cancellationToken = default) =>
        GetAsync<SimState>("state", cancellationToken);

    public Task<ImageInfo> RegisterImageAsync(RegisterImage image, CancellationToken cancellationToken = default) =>
        SendAsync<ImageInfo>(HttpMethod.Post, "images", image, cancellationToken);

    /// <summary>Registers an image by reference; an existing tag moves, an existing digest changes its behaviour.</summary>
    public Task<ImageInfo> RegisterImageAsync(
        string reference, ImageBehaviour behaviour = ImageBehaviour.Healthy, CancellationToken cancellationToken = default) =>
        RegisterImageAsync(new RegisterImage { Ref = reference, Behaviour = behaviour }, cancellationToken);

    /// <summary>Points an existing tag at another digest.</summary>
    public Task<ImageInfo> MoveTagAsync(
        string reference, string digest, ImageBehaviour behaviour = ImageBehaviour.Healthy, CancellationToken cancellationToken = default) =>
        RegisterImageAsync(new RegisterImage { Ref = reference, Digest = digest, Behaviour = behaviour }, cancellationToken);

    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"images?ref={Uri.EscapeDataString(reference)}", null, cancellationToken);

    /// <summary>The registry drops the manifest with every tag that names it.</summary>
    public Task PruneImageAsync(string reference, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"images?prune=true&ref={Uri.EscapeDataString(reference)}", null, cancellationToken);

    public Task<IReadOnlyList<PlantedMachine>> PlantAppAsync(PlantApp app, CancellationToken cancellationToken = default) =>
        SendAsync<IReadOnlyList<PlantedMachine>>(HttpMethod.Post, "apps", app, cancellationToken);

    /// <summary>Many apps in one request: a fleet of thousands in a second.</summary>
    public Task PlantAppsAsync(IReadOnlyList<PlantApp> apps, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "apps/bulk", apps, cancellationToken);

    /// <summary>Removes an app with all it holds, at once.</summary>
    public Task RemoveAppAsync(string app, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"apps/{app}", null, cancellationToken);

    public Task<PlantedMachine> PlantMachineAsync(string app, PlantMachine machine, CancellationToken cancellationToken = default) =>
        SendAsync<PlantedMachine>(HttpMethod.Post, $"apps/{app}/machines", machine, cancellationToken);

    public Task EditMachineAsync(string app, string machine, EditMachine edit, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Patch, $"apps/{app}/machines/{machine}", edit, cancellationToken);

    public Task DestroyMachineAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/destroy", null, cancellationToken);

    public Task StopMachineAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/stop", null, cancellationToken);

    public Task StartMachineAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/start", null, cancellationToken);

    /// <param name="state">starting, restarting, replacing, stopping or destroying.</param>
    /// <param name="forMs">After which it gets there all the same; null = never.</param>
    public Task StickMachineAsync(
        string app, string machine, string state, int? forMs = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/stick?state={state}&forMs={forMs}", null, cancellationToken);

    public Task RollBackMachineAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/roll-back", null, cancellationToken);

    public Task MigrateMachineAsync(string app, string machine, string? region = null, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/migrate?region={region}", null, cancellationToken);

    public Task FailMachineAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/fail", null, cancellationToken);

    /// <param name="programRunsOn">A partition instead of a crash: the program keeps running where nobody sees it.</param>
    public Task HostDownAsync(string app, string machine, bool programRunsOn = false, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/host-down?runsOn={(programRunsOn ? "true" : "false")}", null, cancellationToken);

    public Task HostUpAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/machines/{machine}/host-up", null, cancellationToken);

    /// <summary>Sets secrets as another actor would; null removes. Returns nothing secret.</summary>
    public Task TamperSecretsAsync(string app, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"apps/{app}/secrets", values, cancellationToken);

    public Task<HeldLease> HoldLeaseAsync(string app, string machine, HoldLease lease, CancellationToken cancellationToken = default) =>
        SendAsync<HeldLease>(HttpMethod.Post, $"apps/{app}/machines/{machine}/lease", lease, cancellationToken);

    public Task DropLeaseAsync(string app, string machine, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, $"apps/{app}/machines/{machine}/lease", null, cancellationToken);

    /// <param name="since">Only calls with a larger sequence number.</param>
    public Task<IReadOnlyList<LoggedCall>> CallsAsync(
        long since = 0, bool mutatingOnly = false, CancellationToken cancellationToken = default) =>
        GetAsync<IReadOnlyList<LoggedCall>>($"calls?since={since}&mutating={(mutatingOnly ? "true" : "false")}", cancellationToken);

    public Task ClearCallsAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, "calls", null, cancellationToken);

    /// <summary>From now on <see cref="SimState.FewestUsersRunning"/> counts.</summary>
    public Task WatchRunningAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "running/watch", null, cancellationToken);

    public Task AddFaultAsync(FaultRule rule, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "faults", rule, cancellationToken);

    public Task ClearFaultsAsync(CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Delete, "faults", null, cancellationToken);

    public Task<SimSettings> SettingsAsync(CancellationToken cancellationToken = default) =>
        GetAsync<SimSettings>("settings", cancellationToken);

    /// <summary>Replaces all settings; read them first and change the copy.</summary>
    public Task<SimSettings> ChangeSettingsAsync(SimSettings settings, CancellationToken cancellationToken = default) =>
        SendAsync<SimSettings>(HttpMethod.Put, "settings", settings, cancellationToken);

    /// <summary>Changes some settings, for example <c>s => s with { BootMs = 5000 }</c>.</summary>
    public async Task<SimSettings> ChangeSettingsAsync(Func<SimSettings, SimSettings> change, CancellationToken cancellationToken = default) =>
        await ChangeSettingsAsync(change(await SettingsAsync(cancellationToken)), cancellationToken);

    /// <param name="capacity">Machines the region takes in all; null = no limit.</param>
    public Task LimitRegionAsync(string region, int? capacity, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, $"regions/{region}", new RegionCapacity(capacity), cancellationToken);

    public Task SetSupabaseKeysAsync(SupabaseKeys keys, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "supabase/keys", keys, cancellationToken);

    /// <summary>From now on only this token is accepted.</summary>
    public Task ChangeTokenAsync(string token, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "token", new Dictionary<string, string> { ["token"] = token }, cancellationToken);

    /// <summary>From now on the token is another organisation's; what the first one has is refused.</summary>
    public Task ChangeOrganisationAsync(string org, CancellationToken cancellationToken = default) =>
        SendAsync(HttpMethod.Post, "organisation", new Dictionary<string, string> { ["org"] = org }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static Uri Admin(Uri baseAddress) => new(baseAddress, "_sim/");

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var response = await RespondAsync(method, path, body, cancellationToken);
        return await response.Content.ReadFromJsonAsync<T>(AdminJson.Options, cancellationToken)
            ?? throw new JsonException($"{path} answered null");
    }

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken) =>
        (await RespondAsync(method, path, body, cancellationToken)).Dispose();

    private async Task<HttpResponseMessage> RespondAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: AdminJson.Options);
        }

        var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Dispose();
            throw new HttpRequestException($"{method} /_sim/{path}: {(int)response.StatusCode} {text}", null, response.StatusCode);
        }

        return response;
    }
}
