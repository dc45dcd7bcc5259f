using FlyApi;
using FlyApi.Contracts;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

public sealed class MachineStepsTests : IDisposable
{
    private readonly ApplyHarness _harness = new();

    [Fact]
    public async Task A_machine_is_made_between_its_intent_and_its_election_and_started_last()
    {
        var result = await _harness.ApplyAsync(WithoutMachine());

        Assert.Equal(["OpenIntent", "CreateMachine", "CloseIntent", "ElectMachine", "StartMachine"], _harness.Calls);
        Assert.Equal((null, 3, "new"), (result.Stop, result.Done.Count, result.ElectedMachineId));
        Assert.Equal(("create", "new"), (result.Memory.Pending!.Kind, result.Memory.Pending.MachineId));
    }

    [Fact]
    public async Task A_machine_is_made_unlaunched_with_its_fixed_name_its_launch_and_the_newest_secrets()
    {
        await _harness.ApplyAsync(WithoutMachine());

        await _harness.Fly.Received(1).CreateMachineAsync(
            ApplyHarness.App,
            Arg.Is<CreateMachineRequest>(r => r.SkipLaunch && r.Name == ApplyHarness.App + "-main" && r.Region == "sin" && r.MinSecretsVersion == 1
                && r.Config.Metadata![OwnedMetadata.LaunchId] == "launch-1"),
            Arg.Any<CancellationToken>());
        await _harness.Store.Received(1).OpenIntentAsync(
            ApplyHarness.Token, Arg.Is<CreateIntent>(i => i.LaunchId == "launch-1" && i.Kind == "machine"), Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(FlyErrorClass.AmbiguousOutcome, false)]
    [InlineData(FlyErrorClass.Capacity, true)]
    [InlineData(FlyErrorClass.Invalid, true)]
    [InlineData(FlyErrorClass.Throttled, true)]
    public async Task An_intent_is_closed_unless_the_outcome_is_unknown(FlyErrorClass error, bool closed)
    {
        FailCreate(ApplyHarness.Error(error));

        var result = await _harness.ApplyAsync(WithoutMachine());

        Assert.IsType<ApplyStop.Failed>(result.Stop);
        Assert.Equal(closed ? ["OpenIntent", "CreateMachine", "CloseIntent"] : ["OpenIntent", "CreateMachine"], _harness.Calls);
        Assert.Empty(result.Done);
    }

    [Fact]
    public async Task A_machine_that_holds_the_name_is_adopted_and_looked_at_before_anything_is_done_to_it()
    {
        FailCreate(ApplyHarness.Error(FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken, existing: "m7"));
        _harness.Fly.GetMachineAsync(ApplyHarness.App, "m7", Arg.Any<CancellationToken>()).Returns(ApplyHarness.Made with { Id = "m7" });

        var result = await _harness.ApplyAsync(WithoutMachine());

        Assert.Equal(["OpenIntent", "CreateMachine", "GetMachine", "CloseIntent", "ElectMachine"], _harness.Calls);
        Assert.Equal(("m7", null), (result.ElectedMachineId, result.Memory.Pending));
        Assert.Equal((Reasons.MachineAdopted, TimeSpan.Zero), (result.Stop!.Reason, Assert.IsType<ApplyStop.Wait>(result.Stop).After));
    }

    [Fact]
    public async Task A_holder_of_the_name_that_cannot_be_read_is_waited_for_and_not_elected()
    {
        FailCreate(ApplyHarness.Error(FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken, existing: "m7"));
        _harness.Fly.GetMachineAsync(default!, default!, default).ReturnsForAnyArgs((Machine?)null);

        var result = await _harness.ApplyAsync(WithoutMachine());

        Assert.Equal(Reasons.OutcomeUnknown, Assert.IsType<ApplyStop.Wait>(result.Stop).Reason);
        Assert.DoesNotContain("ElectMachine", _harness.Calls);
    }

    [Fact]
    public async Task An_election_that_is_lost_starts_nothing()
    {
        _harness.Store.ElectMachineAsync(default!, default, default!, default, default, default).ReturnsForAnyArgs(false);

        var result = await _harness.ApplyAsync(WithoutMachine());

        Assert.Equal("ElectMachine", _harness.Calls[^1]);
        Assert.Equal((Reasons.FlyConflict, null), (result.Stop!.Reason, result.ElectedMachineId));
    }

    [Fact]
    public async Task An_election_closes_the_intents_of_earlier_creates()
    {
        var intent = new CreateIntent("old", "machine", ApplyHarness.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddDays(-1).UtcDateTime };

        await _harness.ApplyAsync(WithoutMachine().With((UserApp u) => u with { Intents = [intent, intent with { LaunchId = "app", Kind = "app" }] }));

        await _harness.Store.Received(1).CloseIntentAsync(ApplyHarness.Token, "old", Arg.Any<CancellationToken>());
        await _harness.Store.DidNotReceive().CloseIntentAsync(ApplyHarness.Token, "app", Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task A_machine_that_is_not_the_elected_one_is_never_started()
    {
        var result = await _harness.ApplyAsync(
            new SnapshotBuilder(), new Step.StartMachine(ApplyHarness.App, "m2", SnapshotBuilder.Spec, Reasons.MachineStopped));

        Assert.Equal(Reasons.FlyConflict, result.Stop!.Reason);
        Assert.Empty(_harness.Calls);
    }

    [Theory]
    [InlineData(FlyErrorDetail.WrongState)]
    [InlineData(FlyErrorDetail.ConcurrentUpdate)]
    public async Task A_machine_that_cannot_be_started_yet_is_no_failure_and_no_restart(FlyErrorDetail detail)
    {
        FailStart(ApplyHarness.Error(FlyErrorClass.Conflict, detail));

        var result = await _harness.ApplyAsync(new SnapshotBuilder().State(MachineStates.Stopped));

        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<ApplyStop.Wait>(result.Stop).After);
        Assert.Null(result.Memory.Crash);
    }

    [Fact]
    public async Task A_start_on_a_full_host_is_remembered_so_that_the_machine_is_replaced()
    {
        FailStart(ApplyHarness.Error(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity));

        var result = await _harness.ApplyAsync(new SnapshotBuilder().State(MachineStates.Stopped));

        Assert.NotNull(result.Memory.MustReplace);
        Assert.Equal((Reasons.FlyCapacity, BackoffClass.Capacity), (result.Stop!.Reason, Assert.IsType<ApplyStop.Failed>(result.Stop).Class));
    }

    [Theory]
    [InlineData(MachineStates.Stopped, 1)]
    [InlineData(MachineStates.Created, 1)]
    public async Task Starts_that_Fly_did_not_make_by_itself_are_counted(string state, int restarts) =>
        Assert.Equal(restarts, (await _harness.ApplyAsync(new SnapshotBuilder().State(state))).Memory.Crash!.Restarts);

    [Fact]
    public async Task An_update_names_the_version_that_it_was_planned_on_and_remembers_what_must_come_up()
    {
        _harness.Fly.UpdateMachineAsync(default!, default!, default!, default).ReturnsForAnyArgs(ApplyHarness.Made with { Id = "m1", InstanceId = "v2" });

        var result = await _harness.ApplyAsync(new SnapshotBuilder().NewImage());

        await _harness.Fly.Received(1).UpdateMachineAsync(
            ApplyHarness.App,
            "m1",
            Arg.Is<UpdateMachineRequest>(r => r.CurrentVersion == "v1" && r.Region == "sin" && r.MinSecretsVersion == 1 && !r.SkipLaunch),
            Arg.Any<CancellationToken>());
        var pending = result.Memory.Pending!;
        Assert.Equal(("update", "v2", "v1", SnapshotBuilder.Start), (pending.Kind, pending.InstanceId, pending.PreviousInstanceId, pending.Since));
    }

    [Fact]
    public async Task A_rollback_to_an_image_that_is_gone_gives_up_the_rollback()
    {
        _harness.Fly.UpdateMachineAsync(default!, default!, default!, default)
            .ReturnsForAnyArgs<Machine>(_ => throw ApplyHarness.Error(FlyErrorClass.Invalid, FlyErrorDetail.ManifestUnknown));
        var rejected = new RejectedSpec("0123456789abcdef", "RolledBack: check critical", SnapshotBuilder.Start, 1, Final: true);
        var builder = new SnapshotBuilder().With((AppMemory m) => m with { Rejected = rejected });

        var result = await _harness.ApplyAsync(
            builder, new Step.UpdateMachine(ApplyHarness.App, builder.Elected!, SnapshotBuilder.OldSpec, IsRollback: true, Reasons.RolledBack));

        Assert.Equal(Reasons.ImageUnresolved, Assert.IsType<ApplyStop.Failed>(result.Stop).Reason);
        Assert.Equal((null, null), (result.Memory.LastGood, result.Memory.Rejected));
    }

    [Theory]
    [InlineData(true, FlyErrorDetail.ManifestUnknown, true)]
    [InlineData(false, FlyErrorDetail.ManifestUnknown, false)]
    [InlineData(true, FlyErrorDetail.None, false)]
    public async Task A_machine_that_cannot_be_made_with_what_was_good_is_made_with_what_is_wished(bool final, FlyErrorDetail detail, bool givenUp)
    {
        _harness.Fly.CreateMachineAsync(default!, default!, default)
            .ReturnsForAnyArgs<Machine>(_ => throw ApplyHarness.Error(FlyErrorClass.Invalid, detail));
        var rejected = new RejectedSpec(SnapshotBuilder.Spec.Hash, "RolledBack: check critical", SnapshotBuilder.Start, 1, final);

        var result = await _harness.ApplyAsync(
            WithoutMachine().With((AppMemory m) => m with { LastGood = SnapshotBuilder.OldSpec, Rejected = rejected }));

        Assert.Equal(["OpenIntent", "CreateMachine", "CloseIntent"], _harness.Calls);
        Assert.Equal((givenUp, givenUp), (result.Memory.LastGood is null, result.Memory.Rejected is null));
    }

    [Fact]
    public async Task A_machine_that_starts_with_what_was_never_proven_is_watched_like_an_update()
    {
        var builder = new SnapshotBuilder().State(MachineStates.Stopped).With((AppMemory m) => m with { LastGood = SnapshotBuilder.OldSpec });

        var started = await _harness.ApplyAsync(builder);

        Assert.Equal(("update", "m1", SnapshotBuilder.Spec.Hash), (started.Memory.Pending!.Kind, started.Memory.Pending.MachineId, started.Memory.Pending.Spec.Hash));
    }

    [Fact]
    public async Task A_machine_that_starts_with_what_is_proven_is_not_watched() =>
        Assert.Null((await _harness.ApplyAsync(new SnapshotBuilder().State(MachineStates.Stopped))).Memory.Pending);

    [Fact]
    public async Task Secrets_are_set_once_and_only_ours_are_remembered_by_digest()
    {
        var step = new Step.SetSecrets(ApplyHarness.App, ["USER_ID"], "secrets-1", Reasons.SecretsStale);

        var result = await _harness.ApplyAsync(new SnapshotBuilder(), step);

        Assert.Equal(["SetSecrets"], _harness.Calls);
        Assert.Equal(("secrets-1", 4L, "fly-1"), (result.Memory.Secrets!.SetDigest, result.Memory.Secrets.Version, Assert.Single(result.Memory.Secrets.FlyDigests).Value));
        Assert.DoesNotContain(SnapshotBuilder.SecretValue, Reconciler.Reporting.ReportJson.Write(result.Memory), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_somebody_changed_is_written_down_before_setting_it_again_takes_the_sign_of_it_away()
    {
        var tampered = new SnapshotBuilder().With((ObservedApp o) => o with { Secrets = [] });

        var result = await _harness.ApplyAsync(tampered);

        var stop = Assert.IsType<ApplyStop.Wait>(result.Stop);
        Assert.Equal((Reasons.SecretsTampered, TimeSpan.Zero), (stop.Reason, stop.After));
        Assert.Empty(_harness.Calls);
        Assert.Null(result.Memory.Secrets); // so that the next plan sets them, whatever Fly shows by then
        new SnapshotBuilder().With((AppMemory _) => result.Memory).Plan().ShouldBe(Verdict.Act, Reasons.SecretsStale, "set_secrets", "update_machine m1");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // should Fly's answer and its list never agree on it, the machine is not restarted at every look
    public async Task When_secrets_were_set_is_taken_from_the_answer_unless_the_list_has_just_denied_it(bool rewritten)
    {
        var at = SnapshotBuilder.Start.AddSeconds(-3);
        _harness.Fly.SetSecretsAsync(default!, default!, default).ReturnsForAnyArgs(
            new SecretsUpdate(4, [new AppSecret("USER_ID", "fly-1", at), new AppSecret("THEIRS", "fly-2", at.AddDays(1))]));

        var result = await _harness.ApplyAsync(
            new SnapshotBuilder().With((AppMemory m) => m with { Secrets = null, SecretsRewritten = rewritten }),
            new Step.SetSecrets(ApplyHarness.App, ["USER_ID"], "secrets-1", Reasons.SecretsStale));

        Assert.Equal(rewritten ? null : at, result.Memory.Secrets!.ChangedAt);
        Assert.False(result.Memory.SecretsRewritten);
    }

    [Fact]
    public async Task Secrets_that_changed_while_the_plan_was_made_are_not_set_under_the_wrong_digest()
    {
        var result = await _harness.ApplyAsync(
            new SnapshotBuilder(), new Step.SetSecrets(ApplyHarness.App, ["USER_ID"], "secrets-0", Reasons.SecretsStale));

        Assert.Equal(Reasons.SecretsStale, Assert.IsType<ApplyStop.Wait>(result.Stop).Reason);
        Assert.Empty(_harness.Calls);
    }

    public void Dispose() => _harness.Dispose();

    private static SnapshotBuilder WithoutMachine() => new SnapshotBuilder().Unseen().With((UserApp u) => u with { MachineId = null });

    private void FailCreate(FlyApiException failure) =>
        _harness.Fly.CreateMachineAsync(default!, default!, default).ReturnsForAnyArgs<Machine>(_ => throw failure);

    private void FailStart(FlyApiException failure) =>
        _harness.Fly.StartMachineAsync(default!, default!, default).ReturnsForAnyArgs(_ => throw failure);
}
