using FlyApi;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

public sealed class AppStepsTests : IDisposable
{
    private static readonly Step Create = new Step.CreateApp(ApplyHarness.App, "vyx", Reasons.AppMissing);
    private static readonly Step Rename = new Step.RenameApp(ApplyHarness.App, "next", Reasons.AppNameTaken);
    private static readonly CreateIntent Earlier = new("old", "app", ApplyHarness.App, SnapshotBuilder.UserId, null);
    private readonly ApplyHarness _harness = new();

    [Fact]
    public async Task An_app_is_made_between_its_intent_and_the_record_that_it_is_ours()
    {
        var result = await _harness.ApplyAsync(New(), Create);

        Assert.Equal(["OpenIntent", "CreateApp", "RecordOwnership", "CloseIntent"], _harness.Calls);
        Assert.Null(result.Stop);
    }

    [Fact]
    public async Task An_app_that_is_made_ends_the_doubt_about_the_one_that_was_missing()
    {
        var builder = New().With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-5) });

        Assert.Null((await _harness.ApplyAsync(builder, Create)).Memory.AwaySince);
    }

    [Fact]
    public async Task An_earlier_intent_for_the_same_app_is_taken_up_and_not_doubled()
    {
        await _harness.ApplyAsync(New(Earlier), Create);

        Assert.Equal(["OpenIntent", "CreateApp", "RecordOwnership", "CloseIntent"], _harness.Calls);
        await _harness.Store.Received(1).OpenIntentAsync(
            ApplyHarness.Token,
            Arg.Is<CreateIntent>(i => i.LaunchId == "old"),
            Arg.Any<CancellationToken>());
        await _harness.Store.Received(1).CloseIntentAsync(ApplyHarness.Token, "old", Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(false, "OpenIntent,CreateApp,CloseIntent")]
    [InlineData(true, "OpenIntent,CreateApp")]
    public async Task A_name_that_is_taken_leaves_only_an_earlier_intent_as_evidence(bool earlier, string calls)
    {
        Fail(ApplyHarness.Error(FlyErrorClass.NameTaken));

        var result = await _harness.ApplyAsync(earlier ? New(Earlier) : New(), Create);

        Assert.Equal(calls, string.Join(',', _harness.Calls));
        Assert.Equal((Reasons.AppNameTaken, SnapshotBuilder.Start), (result.Stop!.Reason, result.Memory.NameTakenAt));
        Assert.IsType<ApplyStop.Wait>(result.Stop);
    }

    [Theory]
    [InlineData(FlyErrorClass.AmbiguousOutcome, "OpenIntent,CreateApp")]
    [InlineData(FlyErrorClass.Unauthorised, "OpenIntent,CreateApp,CloseIntent")]
    [InlineData(FlyErrorClass.Throttled, "OpenIntent,CreateApp,CloseIntent")]
    public async Task An_app_whose_fate_is_unknown_keeps_its_intent(FlyErrorClass error, string calls)
    {
        Fail(ApplyHarness.Error(error));

        var result = await _harness.ApplyAsync(New(), Create);

        Assert.Equal(calls, string.Join(',', _harness.Calls));
        Assert.IsType<ApplyStop.Failed>(result.Stop);
    }

    [Theory]
    [InlineData(FlyErrorClass.AmbiguousOutcome)]
    [InlineData(FlyErrorClass.Conflict)]
    [InlineData(FlyErrorClass.Throttled)]
    public async Task A_later_creation_that_fails_leaves_the_intent_of_the_earlier_one_open_and_claims_nothing(FlyErrorClass error)
    {
        Fail(ApplyHarness.Error(error));

        await _harness.ApplyAsync(New(Earlier), Create);

        Assert.Equal(["OpenIntent", "CreateApp"], _harness.Calls);
    }

    [Fact]
    public async Task A_rename_ends_the_plan_and_forgets_what_belonged_to_the_old_name()
    {
        var result = await _harness.ApplyAsync(New(Earlier).With((UserApp u) => u with { MachineId = "m1" }).With((AppMemory m) => m with { NameTakenAt = SnapshotBuilder.Start }), Rename, Create);

        Assert.Equal(["CloseIntent", "RenameApp"], _harness.Calls);
        Assert.Equal(("next", null, null, null), (result.AppName, result.ElectedMachineId, result.Memory.NameTakenAt, result.Memory.Secrets));
        Assert.Equal(TimeSpan.Zero, Assert.IsType<ApplyStop.Wait>(result.Stop).After);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Giving_up_an_app_that_is_recorded_as_ours_is_paid_from_the_budget(bool granted)
    {
        _harness.Store.TryDrawDestroyAsync(default!, default!, default, default).ReturnsForAnyArgs(new BudgetDraw(granted, 5, null));

        var result = await _harness.ApplyAsync(new SnapshotBuilder(), Rename);

        Assert.Equal(granted ? ["TryDrawDestroy", "RenameApp"] : ["TryDrawDestroy"], _harness.Calls);
        Assert.Equal(granted ? Reasons.AppNameTaken : Reasons.DestroyBudget, result.Stop!.Reason);
        await _harness.Store.Received(1).TryDrawDestroyAsync(ApplyHarness.Token, ApplyHarness.App, 5, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_name_that_another_row_has_falls_through_to_the_next_of_the_series()
    {
        var tries = 0;
        _harness.Store.RenameAppAsync(default!, default, default!, default!, default).ReturnsForAnyArgs(_ => tries++ < 2 ? throw new AppNameInUseException("x") : true);

        var result = await _harness.ApplyAsync(New(), Rename);

        Assert.Equal(AppNames.Candidate("vyx-user-", SnapshotBuilder.UserId, 2), result.AppName);
    }

    [Fact]
    public async Task A_series_in_which_every_name_is_taken_is_the_operators_business()
    {
        _harness.Store.RenameAppAsync(default!, default, default!, default!, default).ReturnsForAnyArgs<bool>(_ => throw new AppNameInUseException("x"));

        var result = await _harness.ApplyAsync(New(), Rename);

        Assert.Contains("AppNamePrefix", Assert.IsType<ApplyStop.Guarded>(result.Stop).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_was_renamed_by_another_keeps_its_name()
    {
        _harness.Store.RenameAppAsync(default!, default, default!, default!, default).ReturnsForAnyArgs(false);

        Assert.Equal(ApplyHarness.App, (await _harness.ApplyAsync(New(), Rename)).AppName);
    }

    [Fact]
    public async Task A_release_un_elects_and_closes_every_intent()
    {
        var result = await _harness.ApplyAsync(
            new SnapshotBuilder().With((UserApp u) => u with { Intents = [Earlier, Earlier with { LaunchId = "m", Kind = "machine" }] }),
            new Step.ReleaseApp(ApplyHarness.App, Reasons.Deprovisioned));

        Assert.Equal(["ElectMachine", "ReleaseOwnership", "CloseIntent", "CloseIntent"], _harness.Calls);
        Assert.Null(result.ElectedMachineId);
    }

    [Theory]
    [InlineData("release_app")]
    [InlineData("release_former_app")]
    [InlineData("take_ownership")]
    [InlineData("close_intents")]
    [InlineData("rename_app")]
    public async Task A_creation_under_another_name_is_not_forgotten_with_this_one(string kind)
    {
        Step step = kind switch
        {
            "release_app" => new Step.ReleaseApp(ApplyHarness.App, Reasons.Deprovisioned),
            "release_former_app" => new Step.ReleaseFormerApp(ApplyHarness.App, Reasons.FormerApp),
            "take_ownership" => new Step.TakeOwnership(ApplyHarness.App, OwnershipOrigin.Adopted, Reasons.AppAdopted),
            "rename_app" => Rename,
            _ => new Step.CloseIntents(ApplyHarness.App, Reasons.Converged),
        };

        await _harness.ApplyAsync(New(Earlier, Earlier with { LaunchId = "another", AppName = "another" }), step);

        await _harness.Store.Received(1).CloseIntentAsync(ApplyHarness.Token, "old", Arg.Any<CancellationToken>());
        await _harness.Store.DidNotReceive().CloseIntentAsync(ApplyHarness.Token, "another", Arg.Any<CancellationToken>());
    }

    public void Dispose() => _harness.Dispose();

    private static SnapshotBuilder New(params CreateIntent[] intents) =>
        new SnapshotBuilder().NeverProvisioned().With((UserApp u) => u with { Intents = intents });

    private void Fail(FlyApiException failure) => _harness.Fly.CreateAppAsync(default!, default).ReturnsForAnyArgs(_ => throw failure);
}
