using FlySim.Admin;

namespace FlySim.Tests;

/// <summary>What platform, registry and people do to machines behind the controller's back.</summary>
public abstract class AccidentTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : AccidentTests(Host.Http);

    public sealed class InProcess() : AccidentTests(Host.InProcess);

    [Theory]
    [InlineData("starting", "started", true)]
    [InlineData("replacing", "started", true)]
    [InlineData("stopping", "stopped", false)]
    [InlineData("destroying", "destroyed", false)]
    public async Task A_machine_hangs_on_its_way_for_a_while_and_what_ran_runs_on(string state, string after, bool runs)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.Admin.StickMachineAsync(Sim.App, id, state, forMs: 5000);
        sim.Pass(4999);
        var stuck = await sim.TruthOfAsync(id);
        sim.Pass(1);
        var free = await sim.TruthOfAsync(id);

        Assert.Equal((state, true), (stuck.State, stuck.Running));
        Assert.Equal((after, runs), (free.State, free.Running));
        Assert.Empty((await sim.Admin.StateAsync()).Overlaps);
    }

    [Fact]
    public async Task Or_for_ever()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.Admin.StickMachineAsync(Sim.App, id, "destroying");
        sim.Pass(86_400_000);

        Assert.Equal("destroying", await sim.StateOfAsync(id));
        Assert.Equal(200, (await sim.DeleteAsync(Sim.Path(id, "?force=true"))).Status);
        Assert.Equal("destroying", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task Only_states_of_passage_hold_a_machine()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => sim.Admin.StickMachineAsync(Sim.App, id, "started"));

        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task An_accepted_update_is_undone_later()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var before = await sim.TruthOfAsync(id);
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:next");
        await sim.UpdateAsync(id, image: "registry.fly.io/vyx-app:next");
        sim.Pass(60_000);

        await sim.Admin.RollBackMachineAsync(Sim.App, id);
        var after = await sim.TruthOfAsync(id);

        Assert.Equal((before.InstanceId, before.Digest, "started", true), (after.InstanceId, after.Digest, after.State, after.Running));
    }

    [Fact]
    public async Task A_migration_changes_version_address_and_region_and_restarts()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var before = await sim.MachineAsync(id);

        await sim.Admin.MigrateMachineAsync(Sim.App, id, "nrt");
        var moving = await sim.TruthOfAsync(id);
        sim.Pass(300);
        var after = await sim.MachineAsync(id);

        Assert.Equal(("starting", false), (moving.State, moving.Running));
        Assert.Equal(("started", "nrt"), (after["state"]!.GetValue<string>(), after["region"]!.GetValue<string>()));
        Assert.NotEqual(before["instance_id"]!.GetValue<string>(), after["instance_id"]!.GetValue<string>());
        Assert.NotEqual(before["private_ip"]!.GetValue<string>(), after["private_ip"]!.GetValue<string>());
        Assert.Equal(before["config"]!.ToJsonString(), after["config"]!.ToJsonString());
    }

    [Fact]
    public async Task A_pruned_image_is_gone_under_all_its_names_and_runs_on()
    {
        await using var sim = await StartWithAppAsync();
        var image = await sim.Admin.RegisterImageAsync(Sim.Image);
        await sim.Admin.MoveTagAsync("registry.fly.io/vyx-app:also", image.Digest);
        var id = await sim.StartedMachineAsync();

        await sim.Admin.PruneImageAsync("registry.fly.io/vyx-app@" + image.Digest);

        Assert.Equal(400, (await sim.TryCreateMachineAsync()).Status);
        Assert.Equal(404, (await sim.GetAsync("v2/vyx-app/manifests/also")).Status);
        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task A_person_starts_a_stopped_machine_and_it_has_the_newest_secrets()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.StopMachineAsync(Sim.App, id);
        var version = await sim.SetSecretsAsync(("NEW", "1"));

        await sim.Admin.StartMachineAsync(Sim.App, id);
        var truth = await sim.TruthOfAsync(id);

        Assert.Equal(("started", true, (long?)version), (truth.State, truth.Running, truth.BootSecretsVersion));
    }

    [Fact]
    public async Task A_squatted_name_belongs_to_others()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(new PlantApp { Name = Sim.App, Org = "squatters" });

        Assert.Equal(403, (await sim.GetAsync($"v1/apps/{Sim.App}")).Status);
        Assert.Equal((422, "name_taken"), (await sim.CreateAppAsync(Sim.App) is var answer ? answer.Status : 0, answer.Code));
    }

    [Fact]
    public async Task An_old_machine_returns_with_its_host_beside_its_replacement()
    {
        await using var sim = await StartWithAppAsync();
        var old = await sim.StartedMachineAsync();
        await sim.Admin.HostDownAsync(Sim.App, old);
        await sim.DeleteAsync(Sim.Path(old, "?force=true"));
        await sim.StartedMachineAsync();

        await sim.Admin.HostUpAsync(Sim.App, old);
        var overlaps = (await sim.Admin.StateAsync()).Overlaps;
        sim.Pass(100);

        Assert.Single(overlaps);
        Assert.Equal("destroyed", (await sim.TruthOfAsync(old)).State);
    }
}
