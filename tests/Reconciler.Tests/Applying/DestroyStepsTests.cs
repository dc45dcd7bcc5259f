using FlyApi.Contracts;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

public sealed class DestroyStepsTests : IDisposable
{
    private static readonly Func<UserApp, UserApp> NoTier = u => u with { Tier = "free" };
    private readonly ApplyHarness _harness = new();

    [Fact]
    public async Task A_replacement_goes_in_this_order()
    {
        var result = await _harness.ApplyAsync(Misplaced());

        Assert.Equal(
            [
                "GetPlacements", "TryDrawDestroy", "DeleteMachine", "GetMachine", "ElectMachine", "OpenIntent", "CreateMachine", "CloseIntent",
                "ElectMachine", "StartMachine",
            ],
            _harness.Calls);
        Assert.Equal((null, "new"), (result.Stop, result.ElectedMachineId));
    }

    [Fact]
    public async Task A_region_without_room_costs_nobody_a_machine()
    {
        _harness.Fly.GetPlacementsAsync(default!, default!, default!, default, default).ReturnsForAnyArgs([new Placement("sin", 0)]);

        var result = await _harness.ApplyAsync(Misplaced());

        Assert.Equal(["GetPlacements"], _harness.Calls);
        Assert.Equal(Reasons.FlyCapacity, Assert.IsType<ApplyStop.Failed>(result.Stop).Reason);
    }

    [Fact]
    public async Task No_answer_about_room_is_no_refusal()
    {
        _harness.Fly.GetPlacementsAsync(default!, default!, default!, default, default).ReturnsForAnyArgs([]);

        Assert.Null((await _harness.ApplyAsync(Misplaced())).Stop);
    }

    [Fact]
    public async Task A_budget_that_says_no_stops_before_the_call()
    {
        _harness.Store.TryDrawDestroyAsync(default!, default!, default, default).ReturnsForAnyArgs(new BudgetDraw(false, 5, null));

        var result = await _harness.ApplyAsync(Misplaced());

        Assert.Equal(["GetPlacements", "TryDrawDestroy"], _harness.Calls);
        Assert.Equal(Reasons.DestroyBudget, Assert.IsType<ApplyStop.Guarded>(result.Stop).Reason);
    }

    [Fact]
    public async Task The_draw_names_the_machine_so_that_a_repeated_step_pays_once()
    {
        await _harness.ApplyAsync(Misplaced());

        await _harness.Store.Received(1).TryDrawDestroyAsync(ApplyHarness.Token, ApplyHarness.App + "/m1", 5, Arg.Any<CancellationToken>());
        await _harness.Fly.Received(1).DeleteMachineAsync(ApplyHarness.App, "m1", true, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task An_approved_destruction_is_counted_and_not_refused()
    {
        await _harness.ApplyAsync(Misplaced().With((FleetGuards g) => g with { Approved = true }));

        await _harness.Store.Received(1).TryDrawDestroyAsync(ApplyHarness.Token, ApplyHarness.App + "/m1", int.MaxValue, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(MachineStates.Destroying)]
    [InlineData(MachineStates.Started)]
    public async Task A_machine_that_is_not_gone_yet_gets_no_successor(string state)
    {
        _harness.Fly.GetMachineAsync(default!, default!, default).ReturnsForAnyArgs(ApplyHarness.Made with { Id = "m1", State = state });

        var result = await _harness.ApplyAsync(Misplaced());

        Assert.Equal("GetMachine", _harness.Calls[^1]);
        Assert.Equal(Reasons.WaitingForMachine, Assert.IsType<ApplyStop.Wait>(result.Stop).Reason);
        Assert.Equal(2, result.Done.Count);
    }

    [Fact]
    public async Task A_machine_that_is_not_found_by_its_id_gets_no_successor_before_the_next_looks_agree()
    {
        _harness.Fly.GetMachineAsync(default!, default!, default).ReturnsForAnyArgs((Machine?)null);

        var stop = Assert.IsType<ApplyStop.Wait>((await _harness.ApplyAsync(Misplaced())).Stop);

        Assert.Equal(("machine m1 is not found; its successor waits until it is proven gone", TimeSpan.FromSeconds(2)), (stop.Message, stop.After));
        Assert.DoesNotContain("CreateMachine", _harness.Calls);
    }

    [Fact]
    public async Task A_wish_that_stands_deletes_the_app_after_a_draw()
    {
        await _harness.ApplyAsync(new SnapshotBuilder().With(NoTier), new Step.DeleteApp(ApplyHarness.App, Reasons.Deprovisioning));

        Assert.Equal(["ReadUserUnderLease", "TryDrawDestroy", "DeleteApp"], _harness.Calls);
    }

    public static TheoryData<string> Changes => ["came back", "another generation", "paused", "renamed", "released", "vanished"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_wish_that_changed_takes_nothing_away(string change)
    {
        var user = new SnapshotBuilder().With(NoTier).Build().User;
        _harness.UserNow = change switch
        {
            "came back" => user with { Tier = "pro" },
            "another generation" => user with { Generation = user.Generation + 1 },
            "paused" => user with { Paused = true },
            "renamed" => user with { AppName = "another" },
            "released" => user with { Ownership = user.Ownership! with { ReleasedAt = default(DateTime) } },
            _ => null,
        };
        if (_harness.UserNow is null)
        {
            _harness.Store.ReadUserUnderLeaseAsync(default!, default, default).ReturnsForAnyArgs((UserApp?)null);
        }

        foreach (var step in new Step[] { new Step.DeleteApp(ApplyHarness.App, Reasons.Deprovisioning), new Step.StopMachine(ApplyHarness.App, "m1", Reasons.Deprovisioning) })
        {
            var result = await _harness.ApplyAsync(new SnapshotBuilder().With(NoTier), step);
            Assert.Equal("the wish changed while the plan was made", result.Stop!.Message);
        }

        Assert.Equal(["ReadUserUnderLease", "ReadUserUnderLease"], _harness.Calls);
    }

    [Fact]
    public async Task An_app_that_the_row_no_longer_names_is_deleted_although_its_user_is_entitled()
    {
        await _harness.ApplyAsync(Formerly("former"), new Step.DeleteFormerApp("former", Reasons.FormerApp));

        Assert.Equal(["ReadUserUnderLease", "TryDrawDestroy", "DeleteApp"], _harness.Calls);
        await _harness.Fly.Received(1).DeleteAppAsync("former", Arg.Any<CancellationToken>());
        await _harness.Store.Received(1).TryDrawDestroyAsync(ApplyHarness.Token, "former", 5, Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData("another is former now")]
    [InlineData("paused")]
    [InlineData("vanished")]
    public async Task An_app_that_is_named_again_is_left_alone(string change)
    {
        var user = Formerly("former").Build().User;
        _harness.UserNow = change == "paused" ? user with { Paused = true } : user with { FormerApps = ["another"] };
        if (change == "vanished")
        {
            _harness.Store.ReadUserUnderLeaseAsync(default!, default, default).ReturnsForAnyArgs((UserApp?)null);
        }

        foreach (var step in new Step[] { new Step.DeleteFormerApp("former", Reasons.FormerApp), new Step.StopMachine("former", "m7", Reasons.FormerApp) })
        {
            Assert.Equal("the wish changed while the plan was made", (await _harness.ApplyAsync(Formerly("former"), step)).Stop!.Message);
        }

        Assert.Equal(["ReadUserUnderLease", "ReadUserUnderLease"], _harness.Calls);
    }

    [Fact]
    public async Task The_record_of_an_app_that_the_row_no_longer_names_is_released_and_nothing_else()
    {
        var result = await _harness.ApplyAsync(Formerly("former"), new Step.ReleaseFormerApp("former", Reasons.FormerApp));

        Assert.Equal(["ReleaseOwnership"], _harness.Calls);
        Assert.Equal("m1", result.ElectedMachineId);
    }

    [Fact]
    public async Task A_duplicate_is_stopped_whatever_the_wish_is() =>
        Assert.Null((await _harness.ApplyAsync(new SnapshotBuilder(), new Step.StopMachine(ApplyHarness.App, "m2", Reasons.DuplicateMachine))).Stop);

    public void Dispose() => _harness.Dispose();

    private static SnapshotBuilder Formerly(string app) => new SnapshotBuilder().With((UserApp u) => u with { FormerApps = [app] });

    private static SnapshotBuilder Misplaced() => new SnapshotBuilder().With((Machine m) => m with { Region = "sjc" });
}
