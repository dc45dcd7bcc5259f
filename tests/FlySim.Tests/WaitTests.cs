namespace FlySim.Tests;

public abstract class WaitTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : WaitTests(Host.Http);

    public sealed class InProcess() : WaitTests(Host.InProcess);

    [Theory]
    [InlineData("0")]
    [InlineData("61")]
    [InlineData("120")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task A_timeout_outside_one_to_sixty_seconds_is_refused(string timeout)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.CreateMachineAsync();

        var answer = await sim.GetAsync(Sim.Path(id, "/wait?timeout=" + timeout));

        Assert.Equal(400, answer.Status);
        Assert.Contains("value must be inside range [1s, 1m0s]", answer.Error);
    }

    [Fact]
    public async Task It_returns_when_the_state_is_reached()
    {
        await using var sim = await StartWithAppAsync(s => s with { BootMs = 150 }, realTime: true);
        var id = await sim.CreateMachineAsync();

        var answer = await sim.GetAsync(Sim.Path(id, "/wait?state=started&timeout=30"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("started", answer.Json["state"]!.GetValue<string>());
        Assert.Equal((await sim.TruthOfAsync(id)).InstanceId, answer.Json["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task It_gives_up_at_its_timeout_and_says_where_the_machine_is()
    {
        await using var sim = await StartWithAppAsync(realTime: true);
        var id = await sim.CreateMachineAsync(",\"skip_launch\":true");

        var answer = await sim.GetAsync(Sim.Path(id, "/wait?state=started&timeout=1"));

        Assert.Equal(408, answer.Status);
        Assert.Equal("deadline_exceeded: machine failed to reach desired state, started, currently created", answer.Error);
    }

    [Fact]
    public async Task An_older_version_is_replaced_and_its_started_does_not_count()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var old = (await sim.TruthOfAsync(id)).InstanceId;
        await sim.UpdateAsync(id);
        sim.Pass(500);
        var current = (await sim.TruthOfAsync(id)).InstanceId;

        var forOld = await sim.GetAsync(Sim.Path(id, $"/wait?state=started&timeout=5&version={old}"));
        var forCurrent = await sim.GetAsync(Sim.Path(id, $"/wait?state=started&timeout=5&version={current}"));

        Assert.Equal(408, forOld.Status);
        Assert.Contains("currently replaced", forOld.Error);
        Assert.Equal(200, forCurrent.Status);
    }

    [Theory]
    [InlineData("destroyed", 200)]
    [InlineData("settled", 200)]
    [InlineData("stopped,destroyed", 200)]
    [InlineData("started", 409)]
    public async Task A_destroyed_machine_reaches_nothing_else(string state, int status)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.DestroyMachineAsync(Sim.App, id);

        Assert.Equal(status, (await sim.GetAsync(Sim.Path(id, $"/wait?state={state}&timeout=5"))).Status);
    }
}
