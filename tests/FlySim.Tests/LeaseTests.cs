using FlySim.Admin;

namespace FlySim.Tests;

public abstract class LeaseTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : LeaseTests(Host.Http);

    public sealed class InProcess() : LeaseTests(Host.InProcess);

    private const string Header = "fly-machine-lease-nonce";

    [Fact]
    public async Task The_holder_passes_and_everybody_else_is_told_who_holds_it()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        var lease = await sim.PostAsync(Sim.Path(id, "/lease"), """{"ttl":60,"description":"rollout"}""");
        var nonce = lease.Json["data"]!["nonce"]!.GetValue<string>();
        var without = await sim.UpdateAsync(id);
        var with = await sim.UpdateAsync(id, nonce: nonce);

        Assert.Equal((201, "success"), (lease.Status, lease.Code));
        Assert.Equal("rollout", lease.Json["data"]!["description"]!.GetValue<string>());
        Assert.Equal(409, without.Status);
        Assert.Matches("lease currently held by .+@tokens.fly.io, expires at 2026-01-02T03:05:05Z", without.Error);
        Assert.Equal(200, with.Status);
    }

    [Theory]
    [InlineData("POST", "")]
    [InlineData("POST", "/start")]
    [InlineData("POST", "/stop")]
    [InlineData("POST", "/restart")]
    [InlineData("DELETE", "?force=true")]
    public async Task Every_command_is_gated(string method, string rest)
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.HoldLeaseAsync(Sim.App, id, new HoldLease { Owner = "somebody@tokens.fly.io" });
        var body = rest.Length == 0 ? $$$"""{"config":{"image":"{{{Sim.Image}}}"}}""" : null;

        var answer = await sim.SendAsync(new HttpMethod(method), Sim.Path(id, rest), body);

        Assert.Equal(409, answer.Status);
        Assert.Contains("lease currently held by somebody@tokens.fly.io", answer.Error);
    }

    [Fact]
    public async Task It_is_extended_with_its_nonce_and_refused_without()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var first = (await sim.PostAsync(Sim.Path(id, "/lease?ttl=10"))).Json["data"]!;
        var nonce = first["nonce"]!.GetValue<string>();
        sim.Pass(5000);

        var second = (await sim.PostAsync(Sim.Path(id, "/lease?ttl=10"), null, (Header, nonce))).Json["data"]!;
        var stranger = await sim.PostAsync(Sim.Path(id, "/lease?ttl=10"));

        Assert.Equal(nonce, second["nonce"]!.GetValue<string>());
        Assert.Equal(first["expires_at"]!.GetValue<long>() + 5, second["expires_at"]!.GetValue<long>());
        Assert.Equal(409, stranger.Status);
    }

    [Fact]
    public async Task It_can_be_read_with_its_nonce_and_released()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var nonce = (await sim.PostAsync(Sim.Path(id, "/lease"))).Json["data"]!["nonce"]!.GetValue<string>();

        Assert.Equal(nonce, (await sim.GetAsync(Sim.Path(id, "/lease"))).Json["data"]!["nonce"]!.GetValue<string>());
        Assert.Equal(400, (await sim.DeleteAsync(Sim.Path(id, "/lease"))).Status);
        Assert.Equal(200, (await sim.DeleteAsync(Sim.Path(id, "/lease"), (Header, nonce))).Status);
        Assert.Equal(404, (await sim.GetAsync(Sim.Path(id, "/lease"))).Status);
        Assert.Equal("lease not found", (await sim.GetAsync(Sim.Path(id, "/lease"))).Json["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task It_ends_by_itself()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.PostAsync(Sim.Path(id, "/lease?ttl=10"));

        sim.Pass(10_000);

        Assert.Equal(200, (await sim.PostAsync(Sim.Path(id, "/stop"))).Status);
    }
}
