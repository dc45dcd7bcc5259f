using System.Net;
using System.Text.Json.Nodes;
using FlyApi.Contracts;
using FlyApi.Tests.Support;
using Xunit.Abstractions;

namespace FlyApi.Tests;

/// <summary>Our request bodies beside Fly's OpenAPI description, where a copy of it lies beside the repository.</summary>
public sealed class OfficialDescriptionTests(ITestOutputHelper output)
{
    private const string FileName = "shared/fly-machines-openapi.json";

    [Fact]
    public async Task Every_path_and_every_member_that_we_send_is_in_Flys_description()
    {
        if (Find() is not { } file)
        {
            output.WriteLine($"Not checked: no {FileName} beside the repository.");
            return;
        }

        var description = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        var sent = await SendEverything();

        Assert.Equal(24, sent.Count);
        Assert.All(sent, request => Check(description, request));
    }

    private static void Check(JsonNode description, Sent request)
    {
        var path = request.Path.Split('?')[0]["/v1".Length..].Replace("/apps/app", "/apps/{app_name}", StringComparison.Ordinal)
            .Replace("/machines/m", "/machines/{machine_id}", StringComparison.Ordinal).Replace("/orgs/org", "/orgs/{org_slug}", StringComparison.Ordinal);
        var operation = description["paths"]![path]?[request.Method.Method.ToLowerInvariant()];
        Assert.True(operation is not null, $"{request.Method} {path} is not described");
        if (request.Body is null)
        {
            return;
        }

        var schema = operation["requestBody"]!["content"]!["application/json"]!["schema"]!;
        CheckMembers(description, schema, JsonNode.Parse(request.Body)!, path);
    }

    private static void CheckMembers(JsonNode description, JsonNode schema, JsonNode value, string where)
    {
        schema = Resolve(description, schema);
        switch (value)
        {
            case JsonObject body when schema["properties"] is JsonObject properties:
                foreach (var (name, member) in body)
                {
                    Assert.True(properties.ContainsKey(name), $"{where} has no member '{name}'");
                    if (member is not null)
                    {
                        CheckMembers(description, properties[name]!, member, $"{where}.{name}");
                    }
                }

                break;
            case JsonObject map when schema["additionalProperties"] is JsonObject entry:
                foreach (var (name, member) in map)
                {
                    if (member is not null)
                    {
                        CheckMembers(description, entry, member, $"{where}.{name}");
                    }
                }

                break;
            case JsonArray rows when schema["items"] is { } item:
                Assert.All(rows, row => CheckMembers(description, item, row!, where + "[]"));
                break;
        }
    }

    private static JsonNode Resolve(JsonNode description, JsonNode schema)
    {
        var reference = (string?)schema["$ref"] ?? (string?)schema["allOf"]?[0]?["$ref"];
        return reference is null ? schema : description["components"]!["schemas"]![reference.Split('/')[^1]]!;
    }

    private static async Task<IReadOnlyList<Sent>> SendEverything()
    {
        using var services = System.Text.Json.JsonDocument.Parse("""[{"protocol":"tcp","internal_port":1,"autostop":"off"}]""");
        var config = new MachineConfig
        {
            Image = "i",
            Guest = new Guest("shared", 2, 512),
            Env = new Dictionary<string, string> { ["A"] = "b" },
            Metadata = new Dictionary<string, string> { ["a"] = "b" },
            Restart = new RestartPolicy("on-failure", 3),
            Checks = new Dictionary<string, MachineCheck>
            {
                ["health"] = new() { Type = "http", Port = 1, Method = "get", Path = "/", Interval = "15s", Timeout = "5s", GracePeriod = "1m" },
            },
            Services = services.RootElement,
            AutoDestroy = false,
        };
        using var fly = new FlyFixture(options => options with { RateLimitScale = 1e6, MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Html);
        var (api, ttl, none) = (fly.Api, TimeSpan.FromSeconds(5), CancellationToken.None);
        Func<Task>[] calls =
        [
            () => api.CreateAppAsync(new CreateAppRequest("app", "org", "net"), none),
            () => api.LookUpAppAsync("app", none),
            () => api.DeleteAppAsync("app", none),
            () => api.ListAppsAsync("org", none),
            () => api.ListMachinesAsync("app", none),
            () => api.GetMachineAsync("app", "m", none),
            () => api.CreateMachineAsync("app", new CreateMachineRequest { Name = "n", Region = "sin", Config = config, SkipLaunch = true, MinSecretsVersion = 1, LeaseTtl = 2 }, none),
            () => api.UpdateMachineAsync("app", "m", new UpdateMachineRequest { Config = config, Region = "sin", CurrentVersion = "v", MinSecretsVersion = 1, SkipLaunch = true }, none),
            () => api.StartMachineAsync("app", "m", none),
            () => api.StopMachineAsync("app", "m", none),
            () => api.RestartMachineAsync("app", "m", none),
            () => api.DeleteMachineAsync("app", "m", force: true, none),
            () => api.WaitForMachineAsync("app", "m", "started", "v", ttl, none),
            () => api.AcquireLeaseAsync("app", "m", ttl, "d", none),
            () => api.RefreshLeaseAsync("app", "m", "n", ttl, none),
            () => api.ReleaseLeaseAsync("app", "m", "n", none),
            () => api.PatchMetadataAsync("app", "m", new Dictionary<string, string?> { ["a"] = null }, none),
            () => api.ListSecretsAsync("app", none),
            () => api.SetSecretsAsync("app", new Dictionary<string, string?> { ["A"] = "b" }, none),
            () => api.ListOrgMachinesAsync("org", new OrgMachinesQuery(), none),
            () => api.GetPlacementsAsync("org", "sin", new Guest("shared", 2, 512), 1, none),
            () => api.ListRegionsAsync(none),
            () => api.GetCurrentTokensAsync(none),
            () => api.ListIpAssignmentsAsync("app", none),
        ];
        foreach (var call in calls)
        {
            // Every answer is a page of HTML: only what was sent matters here.
            await Assert.ThrowsAsync<FlyApiException>(call);
        }

        return fly.Handler.Sent;
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
            {
                // A worktree lies one level deeper than a plain checkout.
                return new[] { folder.Parent, folder.Parent?.Parent }.OfType<DirectoryInfo>()
                    .Select(parent => Path.Combine(parent.FullName, FileName)).FirstOrDefault(File.Exists);
            }
        }

        return null;
    }
}
