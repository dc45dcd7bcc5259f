using FlySim.Admin;

namespace FlySim.Tests;

/// <summary>What the admin API does to the world and tells of it.</summary>
public abstract class WorldTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : WorldTests(Host.Http);

    public sealed class InProcess() : WorldTests(Host.InProcess);

    [Fact]
    public async Task Two_programs_of_one_app_at_once_are_noticed_for_good()
    {
        await using var sim = await StartWithAppAsync();
        var one = await sim.StartedMachineAsync();
        await sim.StartedMachineAsync();
        await sim.Admin.DestroyMachineAsync(Sim.App, one);

        var state = await sim.Admin.StateAsync();

        Assert.Equal((1, 2), (state.App(Sim.App)!.RunningNow, state.App(Sim.App)!.MaxRunning));
        Assert.Equal("app " + Sim.App, Assert.Single(state.Overlaps).Of);
    }

    [Fact]
    public async Task Two_programs_of_one_user_in_two_apps_are_noticed_too()
    {
        await using var sim = await StartAsync();
        var secrets = new Dictionary<string, string>
        {
            ["USER_ID"] = "u-1",
            ["RUN_MODE"] = "user_dedicated",
        };
        await sim.Admin.PlantAppAsync(new PlantApp { Name = "one", Secrets = secrets, Machines = [ListTests.Planted("a")] });
        await sim.Admin.PlantAppAsync(new PlantApp { Name = "two", Secrets = secrets, Machines = [ListTests.Planted("b")] });

        var state = await sim.Admin.StateAsync();

        Assert.Equal(2, state.MaxRunningByUser["u-1"]);
        Assert.Equal("user u-1", Assert.Single(state.Overlaps).Of);
    }

    [Fact]
    public async Task A_stopping_or_destroying_program_still_counts_as_running()
    {
        await using var sim = await StartWithAppAsync();
        var one = await sim.StartedMachineAsync();
        await sim.DeleteAsync(Sim.Path(one, "?force=true"));

        Assert.True((await sim.TruthOfAsync(one)).Running);
        sim.Pass(100);
        Assert.False((await sim.TruthOfAsync(one)).Running);
    }

    [Fact]
    public async Task A_machine_on_a_lost_host_shows_no_config_and_takes_no_commands_but_a_destroy()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.Admin.HostDownAsync(Sim.App, id);
        var machine = await sim.MachineAsync(id);

        Assert.Equal(("started", "unreachable"), (machine["state"]!.GetValue<string>(), machine["host_status"]!.GetValue<string>()));
        Assert.Null(machine["config"]);
        Assert.Equal(Sim.Image, machine["incomplete_config"]!["image"]!.GetValue<string>());
        Assert.Equal(503, (await sim.UpdateAsync(id)).Status);
        Assert.Equal(502, (await sim.GetAsync($"_vm/{Sim.App}/{id}/health")).Status);
        Assert.Equal(200, (await sim.DeleteAsync(Sim.Path(id, "?force=true"))).Status);
        sim.Pass(3_600_000);
        Assert.Equal("destroying", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task When_the_host_returns_a_queued_destroy_is_done_after_the_program_ran_once_more()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.HostDownAsync(Sim.App, id);
        await sim.DeleteAsync(Sim.Path(id, "?force=true"));

        await sim.Admin.HostUpAsync(Sim.App, id);
        var briefly = await sim.TruthOfAsync(id);
        sim.Pass(100);
        var after = await sim.TruthOfAsync(id);

        Assert.Equal(("destroying", true), (briefly.State, briefly.Running));
        Assert.Equal(("destroyed", false), (after.State, after.Running));
    }

    [Fact]
    public async Task In_a_partition_the_program_runs_on_unseen()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.Admin.HostDownAsync(Sim.App, id, programRunsOn: true);

        Assert.True((await sim.TruthOfAsync(id)).Running);
    }

    [Fact]
    public async Task A_planted_machine_is_as_the_old_tools_left_it()
    {
        await using var sim = await StartAsync();
        var planted = await sim.Admin.PlantAppAsync(new PlantApp
        {
            Name = Sim.App,
            Machines = [ListTests.Planted("user-app-main") with { Id = "148e21eb791089" }],
        });

        var machine = await sim.MachineAsync("148e21eb791089");

        Assert.Equal("148e21eb791089", Assert.Single(planted).Id);
        Assert.Equal("in-clear", machine["config"]!["env"]!["SUPABASE_SERVICE_ROLE_KEY"]!.GetValue<string>());
        Assert.False(machine["config"]!.AsObject().ContainsKey("init"));
        Assert.Equal(200, (await sim.GetAsync($"_vm/{Sim.App}/148e21eb791089/health")).Status);
    }

    [Fact]
    public async Task An_edit_by_hand_shows_as_a_new_version()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var before = await sim.TruthOfAsync(id);

        await sim.Admin.EditMachineAsync(
            Sim.App, id, new EditMachine { Guest = new() { ["cpu_kind"] = "shared", ["cpus"] = 4, ["memory_mb"] = 1024 }, Region = "sin" });
        var after = await sim.TruthOfAsync(id);

        Assert.NotEqual(before.InstanceId, after.InstanceId);
        Assert.Equal(("sin", 4), (after.Region, after.Guest!["cpus"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_machine_can_fail_and_stop_by_itself()
    {
        await using var sim = await StartWithAppAsync();
        var one = await sim.StartedMachineAsync();
        var two = await sim.StartedMachineAsync();

        await sim.Admin.FailMachineAsync(Sim.App, one);
        await sim.Admin.StopMachineAsync(Sim.App, two);

        Assert.Equal(("failed", "stopped"), (await sim.StateOfAsync(one), await sim.StateOfAsync(two)));
        Assert.Equal(0, (await sim.Admin.StateAsync()).App(Sim.App)!.RunningNow);
    }

    [Fact]
    public async Task The_call_log_names_operations_and_tells_reads_from_writes()
    {
        await using var sim = await StartWithAppAsync();
        var since = (await sim.Admin.CallsAsync())[^1].Seq;

        var id = await sim.CreateMachineAsync();
        await sim.MachineAsync(id);
        await sim.GetAsync("v1/orgs/vyx/machines?limit=5");
        await sim.PostAsync("v1/platform/placements", """{"org_slug":"vyx","region":"sin","count":1}""");
        await sim.DeleteAsync(Sim.Path(id));

        var all = await sim.Admin.CallsAsync(since);
        var writes = await sim.Admin.CallsAsync(since, mutatingOnly: true);
        Assert.Equal(
            ["machines.create", "machines.get", "orgs.machines", "platform.placements", "machines.delete"], all.Select(c => c.Operation));
        Assert.Equal(["machines.create", "machines.delete"], writes.Select(c => c.Operation));
        Assert.Equal((200, Sim.App, id, null), (writes[1].Status, writes[1].App, writes[1].Machine, writes[1].Error));
        Assert.Equal("?limit=5", all[2].Query);
        await sim.Admin.ClearCallsAsync();
        Assert.Empty(await sim.Admin.CallsAsync());
    }

    [Fact]
    public async Task An_address_the_API_does_not_have_is_logged_and_refused()
    {
        await using var sim = await StartAsync();

        var answer = await sim.PostAsync("v1/teapots", "{}");

        Assert.Equal(404, answer.Status);
        Assert.Equal("unknown", (await sim.Admin.CallsAsync())[^1].Operation);
    }

    [Fact]
    public async Task Settings_change_live_by_name_and_a_misspelt_one_is_refused()
    {
        await using var sim = await StartWithAppAsync();

        var changed = await sim.PostAsync("_sim/settings", """{"bootMs":5000,"retryAfterSeconds":3}""");
        var misspelt = await sim.PostAsync("_sim/settings", """{"bootMilliseconds":1}""");
        var id = await sim.CreateMachineAsync();
        sim.Pass(4999);

        Assert.Equal(200, changed.Status);
        Assert.Equal(400, misspelt.Status);
        Assert.Equal("created", await sim.StateOfAsync(id));
        Assert.Equal(3, (await sim.Admin.SettingsAsync()).RetryAfterSeconds);
        Assert.Null((await sim.Admin.ChangeSettingsAsync(s => s with { RetryAfterSeconds = null })).RetryAfterSeconds);
    }

    [Fact]
    public async Task Latency_holds_every_answer_back()
    {
        await using var sim = await StartAsync(s => s with { LatencyMs = 1000 });

        var pending = sim.GetAsync("v1/apps?org_slug=vyx");
        while (!pending.IsCompleted && (await sim.Admin.CallsAsync()).Count == 0)
        {
            await Task.Yield();
        }

        Assert.False(pending.IsCompleted);
        while (!pending.IsCompleted)
        {
            sim.Pass(1000);
            await Task.Yield();
        }

        Assert.Equal(200, (await pending).Status);
    }

    [Fact]
    public async Task Placements_and_regions_are_told()
    {
        await using var sim = await StartAsync();
        await sim.Admin.LimitRegionAsync("sin", 0);

        var placements = (await sim.PostAsync(
            "v1/platform/placements", """{"org_slug":"vyx","region":"sin,nrt","count":1,"compute":{"cpu_kind":"shared","cpus":2,"memory_mb":512}}""")).Json;
        var regions = (await sim.GetAsync("v1/platform/regions")).Json["regions"]!.AsArray();

        Assert.Equal([("sin", 0), ("nrt", 1)], placements["regions"]!.AsArray().Select(r => (r!["region"]!.GetValue<string>(), r["count"]!.GetValue<int>())));
        Assert.Contains(regions, r => r!["code"]!.GetValue<string>() == "sin" && !r["deprecated"]!.GetValue<bool>());
        Assert.Equal(400, (await sim.PostAsync("v1/platform/placements", """{"region":"sin"}""")).Status);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_ids()
    {
        await using var one = await StartWithAppAsync();
        await using var two = await StartWithAppAsync();

        Assert.Equal(await one.CreateMachineAsync(), await two.CreateMachineAsync());
    }
}
