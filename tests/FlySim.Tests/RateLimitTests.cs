namespace FlySim.Tests;

public abstract class RateLimitTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : RateLimitTests(Host.Http);

    public sealed class InProcess() : RateLimitTests(Host.InProcess);

    [Fact]
    public async Task Reading_a_machine_has_its_own_larger_limit()
    {
        await using var sim = await LimitedAsync();
        var id = await sim.CreateMachineAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => sim.GetAsync(Sim.Path(id))));
        sim.Pass(200);
        var later = await sim.GetAsync(Sim.Path(id));

        Assert.Equal(10, statuses.Count(a => a.Status == 200));
        var refused = Assert.Single(statuses, a => a.Status == 429);
        Assert.Equal("rate limit exceeded", refused.Error);
        Assert.False(refused.Headers.ContainsKey("Retry-After"));
        Assert.Equal(200, later.Status);
    }

    [Fact]
    public async Task Each_action_on_each_machine_is_one_per_second_with_a_burst_of_three()
    {
        await using var sim = await LimitedAsync();
        var one = await sim.CreateMachineAsync();
        var two = await sim.CreateMachineAsync();

        var stops = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            stops.Add((await sim.PostAsync(Sim.Path(one, "/cordon"))).Status);
        }

        Assert.Equal([200, 200, 200, 429], stops);
        Assert.Equal(200, (await sim.PostAsync(Sim.Path(two, "/cordon"))).Status);
        Assert.Equal(200, (await sim.PostAsync(Sim.Path(one, "/uncordon"))).Status);
        sim.Pass(1000);
        Assert.Equal(200, (await sim.PostAsync(Sim.Path(one, "/cordon"))).Status);
    }

    [Fact]
    public async Task A_refused_request_has_no_effect()
    {
        await using var sim = await LimitedAsync();
        var answers = new List<int>();
        for (var i = 0; i < 4; i++)
        {
            answers.Add((await sim.TryCreateMachineAsync()).Status);
        }

        Assert.Equal([200, 200, 200, 429], answers);
        Assert.Equal(3, (await sim.Admin.StateAsync()).App(Sim.App)!.Machines.Count);
    }

    [Fact]
    public async Task A_hundred_apps_a_minute_can_be_deleted_in_the_organisation()
    {
        await using var sim = await LimitedAsync();
        await sim.Admin.PlantAppsAsync([.. Enumerable.Range(0, 101).Select(i => ListTests.Fleet($"app-{i}", 0))]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 101).Select(i => sim.DeleteAsync($"v1/apps/app-{i}")));

        Assert.Equal(100, answers.Count(a => a.Status == 202));
        Assert.Equal(1, answers.Count(a => a.Status == 429));
    }

    [Fact]
    public async Task Limits_scale_and_Retry_After_can_be_switched_on()
    {
        await using var sim = await LimitedAsync();
        await sim.Admin.ChangeSettingsAsync(s => s with { RateLimitScale = 2, RetryAfterSeconds = 7 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => sim.GetAsync($"v1/apps/{Sim.App}")));

        Assert.Equal(6, answers.Count(a => a.Status == 200));
        Assert.Equal("7", Assert.Single(answers, a => a.Status == 429).Headers["Retry-After"]);
    }

    private Task<Sim> LimitedAsync() => StartWithAppAsync(s => s with { RateLimits = true });
}
