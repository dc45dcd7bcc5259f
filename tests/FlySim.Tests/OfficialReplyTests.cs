namespace FlySim.Tests;

/// <summary>What the simulator answers, against the official description of the API.</summary>
public abstract class OfficialReplyTests(Host host) : HostedTests(host)
{
    private readonly OfficialDescription? _description = OfficialDescription.Find();

    public sealed class OverHttp() : OfficialReplyTests(Host.Http);

    public sealed class InProcess() : OfficialReplyTests(Host.InProcess);

    [OfficialFact]
    public async Task Replies_have_described_members_of_described_types_only()
    {
        await using var sim = await StartWithAppAsync(s => s with { CheckMs = 0, GraceScale = 0 });
        var machine = await sim.StartedMachineAsync(
            ",\"lease_ttl\":1",
            ",\"metadata\":{\"k\":\"v\"},\"env\":{\"A\":\"1\"},\"checks\":{\"h\":{\"type\":\"http\",\"port\":8080,\"path\":\"/health\"}}");
        sim.Pass(1000);
        await sim.PostAsync($"v1/apps/{Sim.App}/ip_assignments", """{"type":"v6"}""");

        var departures = new List<string>();
        foreach (var (method, path, body) in Requests())
        {
            var address = "v1" + path.Replace("{app_name}", Sim.App, StringComparison.Ordinal)
                .Replace("{machine_id}", machine, StringComparison.Ordinal)
                .Replace("{org_slug}", "vyx", StringComparison.Ordinal)
                .Replace("{secret_name}", "A", StringComparison.Ordinal)
                .Replace("{key}", "k", StringComparison.Ordinal);
            var answer = await sim.SendAsync(new HttpMethod(method), address, body);
            sim.Pass(1000);
            Assert.True(answer.Status < 300, $"{method} {address}: {answer.Status} {answer.Body}");
            if (_description!.ResponseSchema(method.ToLowerInvariant(), path.Split('?')[0], answer.Status) is { } schema)
            {
                departures.AddRange(_description.Departures(answer.Json, schema, $"{method} {path}"));
            }
        }

        Assert.Empty(departures);
    }

    private static IEnumerable<(string Method, string Path, string? Body)> Requests()
    {
        const string Machine = "/apps/{app_name}/machines/{machine_id}";
        yield return ("GET", "/apps?org_slug=vyx", null);
        yield return ("GET", "/apps/{app_name}", null);
        yield return ("POST", "/apps/{app_name}/secrets", """{"values":{"A":"1"}}""");
        yield return ("POST", "/apps/{app_name}/secrets/{secret_name}", """{"value":"2"}""");
        yield return ("GET", "/apps/{app_name}/secrets", null);
        yield return ("GET", "/apps/{app_name}/secrets/{secret_name}", null);
        yield return ("DELETE", "/apps/{app_name}/secrets/{secret_name}", null);
        yield return ("GET", "/apps/{app_name}/machines", null);
        yield return ("POST", "/apps/{app_name}/machines", $$$"""{"config":{"image":"{{{Sim.Image}}}"}}""");
        yield return ("GET", Machine, null);
        yield return ("POST", Machine, $$$"""{"config":{"image":"{{{Sim.Image}}}"}}""");
        yield return ("GET", Machine + "/wait?timeout=1", null);
        yield return ("GET", Machine + "/events", null);
        yield return ("GET", Machine + "/versions", null);
        yield return ("PATCH", Machine + "/metadata", """{"metadata":{"k":"v"}}""");
        yield return ("GET", Machine + "/metadata", null);
        yield return ("GET", Machine + "/metadata/{key}", null);
        yield return ("POST", Machine + "/stop", null);
        yield return ("POST", Machine + "/start", null);
        yield return ("DELETE", Machine + "?force=true", null);
        yield return ("GET", "/orgs/{org_slug}/machines", null);
        yield return ("GET", "/apps/{app_name}/ip_assignments", null);
        yield return ("POST", "/apps/{app_name}/ip_assignments", """{"type":"shared_v4"}""");
        yield return ("GET", "/platform/regions", null);
        yield return ("POST", "/platform/placements", """{"org_slug":"vyx","count":1}""");
        yield return ("GET", "/tokens/current", null);
        yield return ("DELETE", "/apps/{app_name}", null);
    }
}
