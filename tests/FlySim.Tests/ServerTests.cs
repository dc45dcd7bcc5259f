namespace FlySim.Tests;

public sealed class ServerTests
{
    [Fact]
    public async Task Two_servers_run_beside_each_other_on_free_ports()
    {
        await using var one = await FlySimServer.StartAsync();
        await using var two = await FlySimServer.StartAsync();

        await one.Client.RegisterImageAsync(Sim.Image);

        Assert.NotEqual(one.BaseAddress, two.BaseAddress);
        Assert.Single(one.World.Snapshot().Images);
        Assert.Empty(two.World.Snapshot().Images);
    }

    [Fact]
    public async Task A_taken_port_is_an_IOException()
    {
        await using var one = await FlySimServer.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => FlySimServer.StartAsync(new FlySimOptions { Port = one.BaseAddress.Port }));
    }

    [Fact]
    public async Task Its_own_address_names_the_registry_too()
    {
        await using var sim = await Sim.StartWithAppAsync(Host.Http);

        var answer = await sim.TryCreateMachineAsync(image: $"{sim.BaseAddress.Authority}/vyx-app:good");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task It_stops_although_a_request_is_held_open()
    {
        var sim = await Sim.StartAsync(Host.Http);
        await sim.Admin.AddFaultAsync(new Admin.FaultRule { Kind = Admin.FaultKinds.TimeoutBefore });
        var held = sim.GetAsync("v1/apps/none");
        while ((await sim.Admin.CallsAsync()).Count == 0)
        {
            await Task.Yield();
        }

        await sim.DisposeServerAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => held);
    }
}
