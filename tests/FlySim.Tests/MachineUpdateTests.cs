using FlySim.Admin;

namespace FlySim.Tests;

public abstract class MachineUpdateTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : MachineUpdateTests(Host.Http);

    public sealed class InProcess() : MachineUpdateTests(Host.InProcess);

    [Fact]
    public async Task The_whole_config_is_replaced_and_the_machine_restarts_as_a_new_version()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync(config: ",\"env\":{\"A\":\"1\"},\"metadata\":{\"k\":\"v\"}");
        var before = await sim.MachineAsync(id);

        var reply = (await sim.UpdateAsync(id, config: ",\"env\":{\"B\":\"2\"}")).Json;
        sim.Pass(200);
        var between = await sim.StateOfAsync(id);
        sim.Pass(300);
        var after = await sim.MachineAsync(id);

        Assert.Equal("replacing", reply["state"]!.GetValue<string>());
        Assert.Equal("starting", between);
        Assert.Equal("started", after["state"]!.GetValue<string>());
        Assert.NotEqual(before["instance_id"]!.GetValue<string>(), after["instance_id"]!.GetValue<string>());
        Assert.Equal("""{"B":"2"}""", after["config"]!["env"]!.ToJsonString());
        Assert.Null(after["config"]!["metadata"]);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_still_makes_a_version_and_restarts()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.UpdateAsync(id);
        sim.Pass(500);

        var truth = await sim.TruthOfAsync(id);
        Assert.Equal((2, "started"), (truth.Versions, truth.State));
    }

    [Theory]
    [InlineData(false, "stopped")]
    [InlineData(true, "started")]
    public async Task A_stopped_machine_stays_stopped_whatever_the_documentation_says(bool documented, string state)
    {
        await using var sim = await StartWithAppAsync(s => s with { UpdateStartsStopped = documented });
        var id = await sim.StartedMachineAsync();
        await sim.PostAsync(Sim.Path(id, "/stop"));
        sim.Pass(100);

        await sim.UpdateAsync(id);
        sim.Pass(500);

        Assert.Equal(state, await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task Skip_launch_leaves_a_running_machine_stopped()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        await sim.UpdateAsync(id, ",\"skip_launch\":true");
        sim.Pass(500);

        Assert.Equal("stopped", await sim.StateOfAsync(id));
        Assert.False((await sim.TruthOfAsync(id)).Running);
    }

    [Fact]
    public async Task A_second_update_meanwhile_is_a_conflict_and_a_start_a_wrong_state()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.UpdateAsync(id);

        var update = await sim.UpdateAsync(id);
        var start = await sim.PostAsync(Sim.Path(id, "/start"));

        Assert.Equal(409, update.Status);
        Assert.Contains("machine is replacing: concurrent update in progress", update.Error);
        Assert.Equal(412, start.Status);
        Assert.Contains("machine getting replaced, refusing to start", start.Error);
    }

    [Fact]
    public async Task An_update_planned_on_an_older_version_is_refused()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var old = (await sim.MachineAsync(id))["instance_id"]!.GetValue<string>();
        await sim.UpdateAsync(id, $",\"current_version\":\"{old}\"");
        sim.Pass(500);

        var answer = await sim.UpdateAsync(id, $",\"current_version\":\"{old}\"");

        Assert.Equal(412, answer.Status);
    }

    [Theory]
    [InlineData(",\"region\":\"sjc\",\"name\":\"main\"", 200)]
    [InlineData(",\"region\":\"sin\"", 400)]
    [InlineData(",\"name\":\"other\"", 400)]
    public async Task Region_and_name_are_fixed(string members, int status)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync(",\"name\":\"main\"");

        Assert.Equal(status, (await sim.UpdateAsync(id, members)).Status);
    }

    [Fact]
    public async Task An_unknown_image_is_refused_and_changes_nothing()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        var answer = await sim.UpdateAsync(id, image: "registry.fly.io/vyx-app:gone");

        Assert.Equal(400, answer.Status);
        Assert.Contains("MANIFEST_UNKNOWN", answer.Error);
        Assert.Equal(1, (await sim.TruthOfAsync(id)).Versions);
    }

    [Fact]
    public async Task An_update_can_answer_200_and_roll_back_silently()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:bad", ImageBehaviour.Rollback);
        var id = await sim.StartedMachineAsync();
        var before = await sim.MachineAsync(id);

        var reply = await sim.UpdateAsync(id, image: "registry.fly.io/vyx-app:bad");
        sim.Pass(500);
        var after = await sim.MachineAsync(id);

        Assert.Equal(200, reply.Status);
        Assert.Equal("started", after["state"]!.GetValue<string>());
        Assert.NotEqual(reply.Json["instance_id"]!.GetValue<string>(), after["instance_id"]!.GetValue<string>());
        Assert.Equal(before["instance_id"]!.GetValue<string>(), after["instance_id"]!.GetValue<string>());
        Assert.Equal(Sim.Image, after["config"]!["image"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_moved_tag_reaches_a_machine_only_with_its_next_update()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var before = (await sim.MachineAsync(id))["image_ref"]!["digest"]!.GetValue<string>();

        await sim.Admin.MoveTagAsync(Sim.Image, "sha256:" + new string('b', 64));
        var unmoved = (await sim.MachineAsync(id))["image_ref"]!["digest"]!.GetValue<string>();
        var updated = (await sim.UpdateAsync(id)).Json["image_ref"]!["digest"]!.GetValue<string>();

        Assert.Equal(before, unmoved);
        Assert.Equal("sha256:" + new string('b', 64), updated);
    }

    [Fact]
    public async Task Metadata_changes_without_a_new_version_or_restart()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync(config: ",\"metadata\":{\"a\":\"1\",\"b\":\"2\",\"c\":\"3\"}");
        var version = (await sim.MachineAsync(id))["instance_id"]!.GetValue<string>();
        await sim.Admin.HoldLeaseAsync(Sim.App, id, new HoldLease());

        var put = await sim.SendAsync(HttpMethod.Put, Sim.Path(id, "/metadata"), """{"metadata":{"a":null,"b":"","d":"4"}}""");
        var patch = await sim.SendAsync(
            HttpMethod.Patch, Sim.Path(id, "/metadata"), $$"""{"metadata":{"e":"5"},"machine_version":"{{version}}"}""");
        var set = await sim.PostAsync(Sim.Path(id, "/metadata/f"), """{"value":"6"}""");
        var delete = await sim.DeleteAsync(Sim.Path(id, "/metadata/c"));
        var machine = await sim.MachineAsync(id);

        Assert.Equal([204, 204, 204, 204], [put.Status, patch.Status, set.Status, delete.Status]);
        Assert.Equal("""{"d":"4","e":"5","f":"6"}""", machine["config"]!["metadata"]!.ToJsonString());
        Assert.Equal("""{"d":"4","e":"5","f":"6"}""", (await sim.GetAsync(Sim.Path(id, "/metadata"))).Body);
        Assert.Equal("""{"value":"4"}""", (await sim.GetAsync(Sim.Path(id, "/metadata/d"))).Body);
        Assert.Equal(404, (await sim.GetAsync(Sim.Path(id, "/metadata/a"))).Status);
        Assert.Equal((version, "started"), (machine["instance_id"]!.GetValue<string>(), machine["state"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Metadata_for_an_older_version_is_refused()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        var answer = await sim.SendAsync(
            HttpMethod.Put, Sim.Path(id, "/metadata"), """{"metadata":{"a":"1"},"machine_version":"01OLD"}""");

        Assert.Equal(412, answer.Status);
    }
}
