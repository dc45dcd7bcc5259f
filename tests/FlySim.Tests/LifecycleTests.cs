namespace FlySim.Tests;

public abstract class LifecycleTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : LifecycleTests(Host.Http);

    public sealed class InProcess() : LifecycleTests(Host.InProcess);

    [Fact]
    public async Task Stop_takes_a_moment_and_repeats_as_success()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        var first = await sim.PostAsync(Sim.Path(id, "/stop"), """{"signal":"SIGTERM","timeout":"30s"}""");
        var meanwhile = await sim.StateOfAsync(id);
        sim.Pass(100);
        var second = await sim.PostAsync(Sim.Path(id, "/stop"));

        Assert.Equal([200, 200], [first.Status, second.Status]);
        Assert.Equal("stopping", meanwhile);
        Assert.Equal("stopped", await sim.StateOfAsync(id));
    }

    [Theory]
    [InlineData("started")]
    [InlineData("starting")]
    public async Task Start_of_one_that_runs_or_is_about_to_is_a_conflict(string state)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.EditMachineAsync(Sim.App, id, new Admin.EditMachine { State = state });

        var answer = await sim.PostAsync(Sim.Path(id, "/start"));

        Assert.Equal(409, answer.Status);
        Assert.Equal("aborted: machine still attempting to start", answer.Error);
    }

    [Fact]
    public async Task A_stopped_machine_starts_again_on_the_same_version()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var version = (await sim.TruthOfAsync(id)).InstanceId;
        await sim.PostAsync(Sim.Path(id, "/stop"));
        sim.Pass(100);

        var answer = await sim.PostAsync(Sim.Path(id, "/start"));
        sim.Pass(300);

        Assert.Equal("stopped", answer.Json["previous_state"]!.GetValue<string>());
        Assert.Equal(("started", version), ((await sim.TruthOfAsync(id)).State, (await sim.TruthOfAsync(id)).InstanceId));
    }

    [Fact]
    public async Task A_running_machine_is_destroyed_only_with_force_and_then_asynchronously()
    {
        await using var sim = await StartWithAppAsync(s => s with { DestroyedVisibleMs = 5000 });
        var id = await sim.StartedMachineAsync();

        var unforced = await sim.DeleteAsync(Sim.Path(id));
        var forced = await sim.DeleteAsync(Sim.Path(id, "?force=true"));
        var repeated = await sim.DeleteAsync(Sim.Path(id, "?force=true"));
        var meanwhile = await sim.StateOfAsync(id);
        sim.Pass(100);
        var shown = await sim.StateOfAsync(id);
        var again = await sim.DeleteAsync(Sim.Path(id, "?force=true"));
        var start = await sim.PostAsync(Sim.Path(id, "/start"));
        sim.Pass(5000);
        var gone = await sim.GetAsync(Sim.Path(id));

        Assert.Equal(412, unforced.Status);
        Assert.Contains("unable to destroy machine, not currently stopped, suspended, failed", unforced.Error);
        Assert.Equal("""{"ok":true}""", forced.Body);
        Assert.Equal(200, repeated.Status);
        Assert.Equal(("destroying", "destroyed"), (meanwhile, shown));
        Assert.Equal([404, 404, 404], [again.Status, start.Status, gone.Status]);
    }

    [Fact]
    public async Task A_stopped_machine_is_destroyed_without_force()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.PostAsync(Sim.Path(id, "/stop"));
        sim.Pass(100);

        Assert.Equal(200, (await sim.DeleteAsync(Sim.Path(id))).Status);
    }

    [Fact]
    public async Task Events_tell_the_story_newest_first()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.PostAsync(Sim.Path(id, "/stop"));
        sim.Pass(100);

        var events = (await sim.GetAsync(Sim.Path(id, "/events"))).Json.AsArray();
        var one = (await sim.GetAsync(Sim.Path(id, "/events?limit=1"))).Json.AsArray();

        Assert.Equal(["exit", "exit", "start", "launch"], events.Select(e => e!["type"]!.GetValue<string>()));
        Assert.True(events[0]!["request"]!["exit_event"]!["requested_stop"]!.GetValue<bool>());
        Assert.Single(one);
    }

    [Fact]
    public async Task A_machine_that_destroys_itself_at_its_end_is_gone_after_a_stop()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync(config: ",\"auto_destroy\":true");

        await sim.PostAsync(Sim.Path(id, "/stop"));
        sim.Pass(100);

        Assert.Equal("destroyed", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task Suspend_cordon_and_versions_answer()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        Assert.Equal(200, (await sim.PostAsync(Sim.Path(id, "/cordon"))).Status);
        Assert.Equal(200, (await sim.PostAsync(Sim.Path(id, "/uncordon"))).Status);
        Assert.Equal(200, (await sim.PostAsync(Sim.Path(id, "/suspend"))).Status);
        sim.Pass(100);
        Assert.Equal("suspended", await sim.StateOfAsync(id));
        Assert.Single((await sim.GetAsync(Sim.Path(id, "/versions"))).Json.AsArray());
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/start")]
    [InlineData("POST", "/stop")]
    [InlineData("DELETE", "?force=true")]
    [InlineData("GET", "/wait")]
    [InlineData("GET", "/lease")]
    public async Task An_unknown_machine_is_404(string method, string rest)
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.SendAsync(new HttpMethod(method), Sim.Path("148e0000000000", rest), null);

        Assert.Equal((404, "machine not found"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task A_fresh_machine_can_look_missing_for_a_moment()
    {
        await using var sim = await StartWithAppAsync(s => s with { MachineVisibleAfterMs = 500 });
        var id = await sim.CreateMachineAsync();

        Assert.Equal(404, (await sim.GetAsync(Sim.Path(id))).Status);
        sim.Pass(500);
        Assert.Equal(200, (await sim.GetAsync(Sim.Path(id))).Status);
    }
}
