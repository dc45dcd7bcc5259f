namespace EndToEnd.Tests;

/// <summary>Fly answers late, wrongly, or not at all.</summary>
public sealed class FaultTests : WorldTest
{
    [Theory]
    [InlineData(FaultKinds.ErrorAfter, "apps.create")]
    [InlineData(FaultKinds.Drop, "apps.create")]
    [InlineData(FaultKinds.ErrorAfter, "machines.create")]
    [InlineData(FaultKinds.Drop, "machines.create")]
    [InlineData(FaultKinds.Truncate, "machines.create")]
    [InlineData(FaultKinds.DropBefore, "machines.create")]
    [InlineData(FaultKinds.Drop, "machines.start")]
    [InlineData(FaultKinds.Html, "secrets.update")]
    public async Task A_call_whose_answer_is_lost_is_not_made_twice_in_effect(string kind, string operation)
    {
        await World.StartReadyAsync();
        await World.Fly.AddFaultAsync(new FaultRule { Kind = kind, Operation = operation, Count = 1 });
        var user = await World.Data.CreateUserAsync("pro");

        var (row, machine) = await World.ConvergedAsync(user);

        Assert.Contains(await World.Fly.CallsAsync(), c => c.Fault == kind);
        Assert.Equal(machine.Id, Assert.Single((await World.AppAsync(row.App))!.Machines).Id);
        Assert.Equal(1 + Neighbours.Names.Count, (await World.Fly.StateAsync()).Apps.Count);
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.intents") == 0, "no create is left open");
    }

    [Fact]
    public async Task A_storm_of_every_kind_of_failure_is_weathered()
    {
        await World.StartReadyAsync();
        var (settled, row, machine) = await World.ProvisionAsync();
        foreach (var (kind, probability) in new[]
                 {
                     (FaultKinds.ErrorBefore, 0.15), (FaultKinds.RateLimit, 0.15), (FaultKinds.Html, 0.1), (FaultKinds.Truncate, 0.1),
                     (FaultKinds.Drop, 0.1), (FaultKinds.ErrorAfter, 0.1),
                 })
        {
            await World.Fly.AddFaultAsync(new FaultRule { Kind = kind, Probability = probability });
        }

        await World.Fly.DestroyMachineAsync(row.App, machine.Id);
        var users = new List<Guid> { settled };
        for (var i = 0; i < 3; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        await World.EventuallyAsync(async () => (await World.Fly.CallsAsync()).Count(c => c.Fault is not null) >= 25, "the storm has blown");
        await World.Fly.ClearFaultsAsync();

        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
        }

        Assert.Equal(users.Count + Neighbours.Names.Count, (await World.Fly.StateAsync()).Apps.Count);
    }

    [Fact]
    public async Task Fly_s_published_rate_limits_are_kept_without_a_429()
    {
        await World.Fly.ChangeSettingsAsync(s => s with { RateLimits = true });
        await World.StartReadyAsync(("Reconciler__RateLimitScale", "1"), ("Reconciler__InformerInterval", "00:00:02"), ("Reconciler__FullListInterval", "00:00:10"));
        var users = new List<Guid>();
        for (var i = 0; i < 4; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
        }

        Assert.DoesNotContain(await World.Fly.CallsAsync(), c => c.Status == 429);
    }
}
