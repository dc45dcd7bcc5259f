using FlyApi;
using FlyApi.Contracts;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

public sealed class PlanApplierTests : IDisposable
{
    private const string App = ApplyHarness.App;
    private readonly ApplyHarness _harness = new();

    public static TheoryData<string> Calls => ["create_app", "create_machine", "destroy_machine", "stop_machine", "delete_app", "start_machine", "update_machine", "set_secrets"];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Without_leadership_no_step_reaches_either_port(string kind)
    {
        _harness.Leadership.Lost();

        await Assert.ThrowsAsync<LeadershipLostException>(() => _harness.ApplyAsync(Start(kind), StepOf(kind)));

        Assert.Empty(_harness.Calls);
    }

    [Theory]
    [InlineData("create_app", nameof(IStore.OpenIntentAsync))]
    [InlineData("create_machine", nameof(IStore.OpenIntentAsync))]
    [InlineData("destroy_machine", nameof(IStore.TryDrawDestroyAsync))]
    [InlineData("delete_app", nameof(IStore.TryDrawDestroyAsync))]
    [InlineData("delete_app", nameof(IStore.ReadUserUnderLeaseAsync))]
    [InlineData("stop_machine", nameof(IStore.ReadUserUnderLeaseAsync))]
    public async Task Leadership_that_ends_while_the_database_answers_keeps_the_call_from_Fly(string kind, string slow)
    {
        void Lose() => _harness.Time.Advance(TimeSpan.FromSeconds(14));
        _harness.Store.When(s => s.OpenIntentAsync(Arg.Any<LeaseToken>(), Arg.Any<CreateIntent>(), Arg.Any<CancellationToken>()))
            .Do(_ => LoseAt(nameof(IStore.OpenIntentAsync)));
        _harness.Store.When(s => s.TryDrawDestroyAsync(Arg.Any<LeaseToken>(), Arg.Any<string>(), Arg.Any<int>(), Arg.Any<CancellationToken>()))
            .Do(_ => LoseAt(nameof(IStore.TryDrawDestroyAsync)));
        _harness.Store.When(s => s.ReadUserUnderLeaseAsync(Arg.Any<LeaseToken>(), Arg.Any<Guid>(), Arg.Any<CancellationToken>())).Do(_ => LoseAt(nameof(IStore.ReadUserUnderLeaseAsync)));

        await Assert.ThrowsAsync<LeadershipLostException>(() => _harness.ApplyAsync(Start(kind), StepOf(kind)));

        Assert.Empty(_harness.Fly.ReceivedCalls());

        void LoseAt(string call)
        {
            if (call == slow)
            {
                Lose();
            }
        }
    }

    [Fact]
    public async Task Leadership_that_ends_between_two_steps_stops_before_the_second()
    {
        _harness.Fly.When(f => f.CreateMachineAsync(Arg.Any<string>(), Arg.Any<CreateMachineRequest>(), Arg.Any<CancellationToken>()))
            .Do(_ => _harness.Time.Advance(TimeSpan.FromSeconds(14)));

        await Assert.ThrowsAsync<LeadershipLostException>(
            () => _harness.ApplyAsync(new SnapshotBuilder().Unseen().With((UserApp u) => u with { MachineId = null })));

        Assert.Equal(["OpenIntent", "CreateMachine", "CloseIntent"], _harness.Calls);
    }

    [Fact]
    public async Task A_stale_epoch_ends_the_apply_and_is_nobody_elses_failure()
    {
        _harness.Store.OpenIntentAsync(default!, default!, default).ReturnsForAnyArgs(_ => throw new StaleEpochException(ApplyHarness.Token));

        await Assert.ThrowsAsync<StaleEpochException>(() => _harness.ApplyAsync(Start("create_machine"), StepOf("create_machine")));
        Assert.Empty(_harness.Fly.ReceivedCalls());
    }

    [Fact]
    public async Task A_database_that_does_not_answer_stops_the_plan_as_a_failure_of_its_own()
    {
        _harness.Store.OpenIntentAsync(default!, default!, default).ReturnsForAnyArgs(_ => throw new StoreUnavailableException("intent", "gone"));

        var failed = Assert.IsType<ApplyStop.Failed>((await _harness.ApplyAsync(Start("create_machine"), StepOf("create_machine"))).Stop);

        Assert.Equal((Reasons.StoreUnavailable, "create_machine"), (failed.Reason, failed.Step));
    }

    [Fact]
    public async Task The_first_failure_ends_the_plan_and_keeps_what_was_learnt_before_it()
    {
        _harness.Fly.UpdateMachineAsync(default!, default!, default!, default).ReturnsForAnyArgs<Machine>(
            _ => throw ApplyHarness.Error(FlyErrorClass.Conflict, FlyErrorDetail.VersionMismatch));
        var builder = new SnapshotBuilder().With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = "secrets-2" } });
        _harness.SecretsStatus = _harness.SecretsStatus with { Digest = "secrets-2" };

        var result = await _harness.ApplyAsync(builder);

        Assert.Equal(["set_secrets"], result.Done.Select(s => s.Kind));
        Assert.Equal("secrets-2", result.Memory.Secrets!.SetDigest);
        Assert.Equal(("update_machine", "req-1"), (((ApplyStop.Failed)result.Stop!).Step, ((ApplyStop.Failed)result.Stop).FlyRequestId));
    }

    public static TheoryData<FlyErrorClass> Classes => [.. Enum.GetValues<FlyErrorClass>()];

    [Theory]
    [MemberData(nameof(Classes))]
    public void Every_class_of_Flys_errors_has_a_reason_and_a_pace(FlyErrorClass error)
    {
        var failed = Failure.From(ApplyHarness.Error(error), "step");

        Assert.NotEqual(error == FlyErrorClass.Transient, failed.Reason != Reasons.FlyTransient);
        Assert.True(BackoffPolicy.For(failed.Class).Base > TimeSpan.Zero);
    }

    [Fact]
    public void A_manifest_that_is_unknown_is_the_images_trouble() => Assert.Equal(
        (Reasons.ImageUnresolved, BackoffClass.Image),
        Failure.Classify(ApplyHarness.Error(FlyErrorClass.Invalid, FlyErrorDetail.ManifestUnknown)));

    public void Dispose() => _harness.Dispose();

    private static SnapshotBuilder Start(string kind) => kind is "delete_app" or "stop_machine"
        ? new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" })
        : new SnapshotBuilder();

    private static Step StepOf(string kind) => kind switch
    {
        "create_app" => new Step.CreateApp(App, "vyx", Reasons.AppMissing),
        "create_machine" => new Step.CreateMachine(App, App + "-main", SnapshotBuilder.Spec, Reasons.MachineMissing),
        "destroy_machine" => new Step.DestroyMachine(App, "m1", Reasons.WrongRegion),
        "stop_machine" => new Step.StopMachine(App, "m1", Reasons.Deprovisioning),
        "delete_app" => new Step.DeleteApp(App, Reasons.Deprovisioning),
        "start_machine" => new Step.StartMachine(App, "m1", SnapshotBuilder.Spec, Reasons.MachineStopped),
        "update_machine" => new Step.UpdateMachine(App, ApplyHarness.Made, SnapshotBuilder.Spec, false, Reasons.ConfigDrift),
        _ => new Step.SetSecrets(App, ["USER_ID"], "secrets-1", Reasons.SecretsStale),
    };
}
