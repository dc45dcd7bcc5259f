using System.Text.Json.Nodes;
using FlySim.Admin;

namespace FlySim.Tests;

public abstract class ListTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : ListTests(Host.Http);

    public sealed class InProcess() : ListTests(Host.InProcess);

    private static readonly string AppList = $"v1/apps/{Sim.App}/machines";
    private const string OrgList = "v1/orgs/vyx/machines";

    [Fact]
    public async Task The_apps_list_is_full_and_its_summary_is_not()
    {
        await using var sim = await StartWithAppAsync();
        await sim.StartedMachineAsync();

        var full = (await sim.GetAsync(AppList)).Json[0]!.AsObject();
        var summary = (await sim.GetAsync(AppList + "?summary=true")).Json[0]!.AsObject();

        Assert.True(full.ContainsKey("config") && full.ContainsKey("checks") && full.ContainsKey("events") && full.ContainsKey("host_status"));
        Assert.Equal(
            ["created_at", "id", "instance_id", "name", "private_ip", "region", "state", "updated_at"],
            summary.Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("", "a,b")]
    [InlineData("?include_deleted=true", "a,b,c")]
    [InlineData("?region=sin", "b")]
    [InlineData("?state=stopped", "b")]
    [InlineData("?state=started,stopped", "a,b")]
    [InlineData("?metadata.user=u1", "a")]
    [InlineData("?metadata.user=u1&metadata.other=x", "")]
    public async Task The_apps_list_filters(string query, string expected)
    {
        await using var sim = await PlantedAsync();

        Assert.Equal(expected, Names((await sim.GetAsync(AppList + query)).Json.AsArray()));
    }

    [Theory]
    [InlineData("", "a,b")]
    [InlineData("?include_deleted=true", "a,b,c")]
    [InlineData("?region=sin", "b")]
    [InlineData("?state=stopped", "b")]
    public async Task The_organisations_list_filters(string query, string expected)
    {
        await using var sim = await PlantedAsync();

        Assert.Equal(expected, Names((await sim.GetAsync(OrgList + query)).Json["machines"]!.AsArray()));
    }

    [Fact]
    public async Task Rows_of_the_organisations_list_have_an_overview_only()
    {
        await using var sim = await PlantedAsync();

        var row = (await sim.GetAsync(OrgList)).Json["machines"]![0]!.AsObject();
        var summary = (await sim.GetAsync(OrgList + "?summary=true")).Json["machines"]![0]!.AsObject();

        Assert.Equal(["guest", "image", "metadata"], row["config"]!.AsObject().Select(p => p.Key));
        Assert.Equal(Sim.App, row["app_name"]!.GetValue<string>());
        Assert.Equal(row["version"]!.GetValue<string>(), row["instance_id"]!.GetValue<string>());
        Assert.False(row.ContainsKey("checks") || row.ContainsKey("host_status") || row.ContainsKey("events"));
        Assert.False(summary.ContainsKey("config"));
    }

    [Fact]
    public async Task Pages_together_hold_every_machine_once_in_order_of_change()
    {
        await using var sim = await StartAsync();
        for (var i = 24; i >= 0; i--)
        {
            await sim.Admin.PlantAppAsync(new PlantApp { Name = $"app-{i:000}", Machines = [Planted($"m{i:000}")] });
            sim.Pass(1000);
        }

        var (names, pages) = await ReadAllAsync(sim, "?limit=10");

        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"m{i:000}"), names);
    }

    [Fact]
    public async Task Only_changes_after_a_time_are_listed_and_a_cursor_outranks_it()
    {
        await using var sim = await StartAsync();
        var ids = new List<PlantedMachine>();
        for (var i = 0; i < 3; i++)
        {
            ids.AddRange(await sim.Admin.PlantAppAsync(new PlantApp { Name = Sim.App, Machines = [Planted($"m{i:000}")] }));
            sim.Pass(1000);
        }

        sim.Pass(10_000);
        await sim.Admin.StopMachineAsync(Sim.App, ids[1].Id);

        var changed = await sim.GetAsync(OrgList + "?updated_after=2026-01-02T03:04:10Z");
        var cursor = (await sim.GetAsync(OrgList + "?limit=1")).Json["next_cursor"]!.GetValue<string>();
        var both = await sim.GetAsync($"{OrgList}?updated_after=2030-01-01T00:00:00Z&cursor={cursor}");

        Assert.Equal("m001", Names(changed.Json["machines"]!.AsArray()));
        Assert.Equal("m001,m002", Names(both.Json["machines"]!.AsArray()));
    }

    [Fact]
    public async Task Lists_can_lag_behind_while_GET_does_not()
    {
        await using var sim = await StartWithAppAsync(s => s with { ListLagMs = 2000 });
        var id = await sim.StartedMachineAsync(",\"name\":\"main\"");

        Assert.Equal("", Names((await sim.GetAsync(OrgList)).Json["machines"]!.AsArray()));
        Assert.Equal("", Names((await sim.GetAsync(AppList)).Json.AsArray()));
        sim.Pass(2000);
        Assert.Equal("main", Names((await sim.GetAsync(OrgList)).Json["machines"]!.AsArray()));
        await sim.Admin.DestroyMachineAsync(Sim.App, id);
        Assert.Equal("destroyed", await sim.StateOfAsync(id));
        Assert.Equal("started", (await sim.GetAsync(AppList)).Json[0]!["state"]!.GetValue<string>());
        sim.Pass(2000);
        Assert.Equal("", Names((await sim.GetAsync(AppList)).Json.AsArray()));
    }

    [Fact]
    public async Task Another_organisations_list_is_not_ours_to_read()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(Fleet("theirs", 1) with { Org = "strangers" });

        Assert.Equal(403, (await sim.GetAsync("v1/orgs/strangers/machines")).Status);
        Assert.Equal("", Names((await sim.GetAsync(OrgList)).Json["machines"]!.AsArray()));
    }

    [Fact]
    public async Task Ten_thousand_machines_are_listed_page_by_page()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppsAsync([.. Enumerable.Range(0, 10_000).Select(i => Fleet($"app-{i:00000}", 1))]);

        var (names, pages) = await ReadAllAsync(sim, "?limit=1000");

        Assert.Equal((10_000, 10), (names.Count, pages));
    }

    [Fact]
    public async Task Times_are_whole_seconds_unless_a_test_wants_more()
    {
        await using var sim = await PlantedAsync();

        await sim.Admin.ChangeSettingsAsync(s => s with { WholeSeconds = true });

        Assert.Equal("2026-01-02T03:04:05Z", (await sim.GetAsync(OrgList)).Json["machines"]![0]!["updated_at"]!.GetValue<string>());
    }

    internal static PlantApp Fleet(string app, int machines) => new()
    {
        Name = app,
        Machines = [.. Enumerable.Range(0, machines).Select(i => Planted($"m{i:000}"))],
    };

    internal static PlantMachine Planted(string name, string state = "started", string? region = null, string metadata = "{}") => new()
    {
        Name = name,
        State = state,
        Region = region,
        Config = (JsonObject)JsonNode.Parse(
            $$$"""
            {"image":"{{{Sim.Image}}}","guest":{"cpu_kind":"shared","cpus":2,"memory_mb":512},"metadata":{{{metadata}}},
             "env":{"SUPABASE_URL":"https://x.supabase.co","SUPABASE_SERVICE_ROLE_KEY":"in-clear"}}
            """)!,
    };

    internal static async Task<(List<string> Names, int Pages)> ReadAllAsync(Sim sim, string query)
    {
        var names = new List<string>();
        var cursor = "";
        var pages = 0;
        do
        {
            var page = (await sim.GetAsync($"{OrgList}{query}{(cursor.Length > 0 ? "&cursor=" + cursor : "")}")).Json;
            names.AddRange(page["machines"]!.AsArray().Select(m => m!["name"]!.GetValue<string>()));
            cursor = page["next_cursor"]!.GetValue<string>();
            pages++;
        }
        while (cursor.Length > 0);

        return (names, pages);
    }

    private async Task<Sim> PlantedAsync()
    {
        var sim = await StartWithAppAsync();
        await sim.Admin.PlantMachineAsync(Sim.App, Planted("a", metadata: """{"user":"u1"}"""));
        await sim.Admin.PlantMachineAsync(Sim.App, Planted("b", "stopped", "sin", """{"user":"u2"}"""));
        await sim.Admin.PlantMachineAsync(Sim.App, Planted("c", "destroyed"));
        return sim;
    }

    private static string Names(JsonArray machines) => string.Join(',', machines.Select(m => m!["name"]!.GetValue<string>()).Order(StringComparer.Ordinal));
}
