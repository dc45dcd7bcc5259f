using FlyApi.Contracts;

namespace FlyApi.Tests.Support;

/// <summary>Every operation of the client, each with an answer that it accepts.</summary>
internal sealed record FlyOperation(string Name, string Answer, Func<OneAnswerFly, Task> Call)
{
    public const string SecretValue = "s3cr3t+Value/With=Signs<&>";

    private static readonly MachineConfig Config = new() { Image = "registry.fly.io/vyx-app:v1" };
    private static readonly Dictionary<string, string?> Secrets = new() { ["A_KEY"] = SecretValue };
    private const string Lease = """{"status":"success","data":{"nonce":"n0nce-1234567","expires_at":1790000000,"owner":"us","description":"d","version":"v"}}""";
    private const string Quiet = """{"ok":true,"instance_id":"01J"}""";

    public static readonly FlyOperation[] All =
    [
        new("apps.create", """{"id":"vyx","created_at":1754042400000}""", f => f.Api.CreateAppAsync(new CreateAppRequest("vyx", "org", null), default)),
        new("apps.get", """{"id":"a","name":"vyx","status":"deployed","organization":{"slug":"org","name":"Org"},"machine_count":3}""", f => f.Api.LookUpAppAsync("vyx", default)),
        new("apps.delete", Quiet, f => f.Api.DeleteAppAsync("vyx", default)),
        new("apps.list", """{"total_apps":2,"apps":[{"name":"a","machine_count":1},{"name":"b","status":"pending","organization":{"slug":"org"}}]}""", f => f.Api.ListAppsAsync("org", default)),
        new("machines.list", "[" + Answers.Machine + "]", f => f.Api.ListMachinesAsync("vyx", default)),
        new("machines.get", Answers.Machine, f => f.Api.GetMachineAsync("vyx", "m", default)),
        new("machines.create", Answers.Machine, f => f.Api.CreateMachineAsync("vyx", new CreateMachineRequest { Name = "n", Region = "sin", Config = Config }, default)),
        new("machines.update", Answers.Machine, f => f.Api.UpdateMachineAsync("vyx", "m", new UpdateMachineRequest { Config = Config }, default, "n0nce-1234567")),
        new("machines.start", """{"status":"started","message":"","previous_state":"stopped"}""", f => f.Api.StartMachineAsync("vyx", "m", default)),
        new("machines.stop", Quiet, f => f.Api.StopMachineAsync("vyx", "m", default)),
        new("machines.restart", Quiet, f => f.Api.RestartMachineAsync("vyx", "m", default)),
        new("machines.delete", Quiet, f => f.Api.DeleteMachineAsync("vyx", "m", force: true, default)),
        new("machines.wait", """{"ok":true}""", f => f.Api.WaitForMachineAsync("vyx", "m", "started", "v", TimeSpan.FromSeconds(5), default)),
        new("leases.acquire", Lease, f => f.Api.AcquireLeaseAsync("vyx", "m", TimeSpan.FromSeconds(30), "d", default)),
        new("leases.refresh", Lease, f => f.Api.RefreshLeaseAsync("vyx", "m", "n0nce-1234567", TimeSpan.FromSeconds(30), default)),
        new("leases.release", Quiet, f => f.Api.ReleaseLeaseAsync("vyx", "m", "n0nce-1234567", default)),
        new("metadata.patch", "", f => f.Api.PatchMetadataAsync("vyx", "m", Secrets, default)),
        new("secrets.list", """{"secrets":[{"name":"A","digest":"d1","created_at":"2026-01-01T00:00:00Z"},{"name":"B"}]}""", f => f.Api.ListSecretsAsync("vyx", default)),
        new("secrets.set", """{"secrets":[{"name":"A_KEY","digest":"d1"}],"version":7,"Version":7}""", f => f.Api.SetSecretsAsync("vyx", Secrets, default)),
        new("orgs.machines", OrgMachinesTests.Page, f => f.Api.ListOrgMachinesAsync("org", new OrgMachinesQuery(), default)),
        new("platform.placements", """{"regions":[{"region":"sin","count":3,"concurrency":1}]}""", f => f.Api.GetPlacementsAsync("org", "sin", new Guest("shared", 2, 512), 1, default)),
        new("platform.regions", """{"regions":[{"code":"sin","name":"Singapore","deprecated":false,"requires_paid_plan":true}],"nearest":"sin"}""", f => f.Api.ListRegionsAsync(default)),
        new("tokens.current", """{"tokens":[{"token_id":"t","org_slug":"org","apps":["a"],"expires_at":"2027-01-01T00:00:00Z"}]}""", f => f.Api.GetCurrentTokensAsync(default)),
        new("ips.list", """{"ips":[{"ip":"fdaa:0:1::2","shared":false},{"ip":"1.2.3.4","shared":true}]}""", f => f.Api.ListIpAssignmentsAsync("vyx", default)),
        new("ips.allocate", """{"ip":"2a09::1","shared":false}""", f => f.Api.AllocateIpAsync("vyx", "v6", default)),
    ];

    public override string ToString() => Name;
}
