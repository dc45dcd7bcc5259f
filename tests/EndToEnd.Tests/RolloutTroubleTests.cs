namespace EndToEnd.Tests;

/// <summary>A rollout that meets trouble: the revision's stops it at the first user, the world's makes it wait.</summary>
public sealed class RolloutTroubleTests : RolloutTest
{
    [Theory]
    [InlineData(ImageBehaviour.Crash)]
    [InlineData(ImageBehaviour.Unhealthy)]
    [InlineData(ImageBehaviour.SharedMode)]
    [InlineData(ImageBehaviour.Hang)]
    [InlineData(ImageBehaviour.Rollback)]
    public async Task A_bad_revision_touches_the_canary_alone(ImageBehaviour behaviour)
    {
        World.Environment["Reconciler__HealthDeadline"] = "00:00:06";
        World.Environment["Reconciler__Rollout__UserDeadline"] = "00:00:12";
        var users = await FleetAsync(100);
        var since = await World.NowAsync();

        await World.Fly.MoveTagAsync(Moving, New, behaviour);
        await World.EventuallyAsync(async () => (await HistoryAsync()).Contains("reverted"), "the rollout is reverted");
        await SettledOnAsync(Old, users.Count);

        var touched = (await World.ChangesAsync(since)).Where(c => c.Machine is not null).Select(c => c.App).Distinct().ToList();
        Assert.True(touched.Count == 1, $"touched: {string.Join(", ", touched)}");
        Assert.Equal("bad", await World.Database.ScalarAsync<string>(
            "select verdict from fly_reconciler.revisions where content ->> 'imageDigest' = $1", New));
        var quiet = await World.NowAsync();
        await World.LooksAsync(6);
        Assert.Empty(await World.ChangesAsync(quiet)); // not tried again
    }

    [Fact]
    public async Task The_registry_goes_away_in_the_middle_and_the_rollout_waits_and_finishes()
    {
        var users = await FleetAsync(100);
        await World.Fly.MoveTagAsync(Moving, New);
        await MovedAsync(3);
        await World.Fly.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorBefore, Operation = "registry.*" });
        await World.EventuallyAsync(async () => (await WhyAsync())?.Contains("waits", StringComparison.Ordinal) == true, "it waits");
        await StandsAsync();

        await World.Fly.ClearFaultsAsync();

        await SettledOnAsync(New, users.Count);
    }

    [Fact]
    public async Task Calls_that_fail_for_want_of_capacity_pause_the_rollout_and_condemn_nobody()
    {
        World.Environment["Reconciler__Rollout__UserDeadline"] = "00:00:05";
        var users = await FleetAsync(20);
        await World.Fly.MoveTagAsync(Moving, New);
        await MovedAsync(3);
        await World.Fly.AddFaultAsync(new FaultRule
        {
            Kind = FaultKinds.Status, Operation = "machines.update", Status = 412, Body = """{"error":"insufficient resources available to fulfill request"}""",
        });
        await World.EventuallyAsync(async () => (await WhyAsync())?.Contains("Capacity", StringComparison.Ordinal) == true, "it waits for capacity");
        await World.LooksAsync(24);
        Assert.DoesNotContain("reverting", await HistoryAsync());

        await World.Fly.ClearFaultsAsync();
        await World.Database.ExecuteAsync("update public.user_fly_apps set next_attempt_at = now() where retry_count > 0");
        foreach (var user in users)
        {
            await World.Database.ExecuteAsync("select fly_reconciler.force($1)", user);
        }

        await SettledOnAsync(New, users.Count);
    }

    [Fact]
    public async Task A_full_region_makes_a_move_to_it_wait_with_everybody_up_and_go_on_when_there_is_room()
    {
        World.Environment["Reconciler__Rollout__UserDeadline"] = "00:00:05";
        World.Environment["Reconciler__DestroyBudget"] = "1000"; // every move of this kind destroys a machine
        var users = await FleetAsync(100);
        await World.Fly.LimitRegionAsync("nrt", 10);
        await World.Programs[^1].TerminateAsync();
        World.Environment["FLY_DEFAULT_REGION"] = "nrt";
        await World.StartReadyAsync();

        await World.EventuallyAsync(async () => (await WhyAsync())?.Contains("Capacity", StringComparison.Ordinal) == true, "it waits for capacity");
        await World.LooksAsync(24); // for longer than the deadline
        Assert.Equal((10, 90), (await InAsync("nrt"), await InAsync("sin"))); // who cannot be moved goes on where it was
        Assert.DoesNotContain("reverting", await HistoryAsync());

        await World.Fly.LimitRegionAsync("nrt", null);
        await World.Programs[^1].TerminateAsync();
        World.Environment["Reconciler__Rollout__UserDeadline"] = "00:01:00"; // a busy machine is nobody's failure
        await World.StartReadyAsync();
        foreach (var user in users)
        {
            await World.Database.ExecuteAsync("select fly_reconciler.force($1)", user);
        }

        await SettledOnAsync(Old, users.Count);
        Assert.Equal((100, 0), (await InAsync("nrt"), await InAsync("sin")));
    }
}
