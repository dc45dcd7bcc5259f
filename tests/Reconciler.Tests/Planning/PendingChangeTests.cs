using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class PendingChangeTests
{
    private static readonly MachineSpec New = new SnapshotBuilder().NewImage().Build().Desired.Machine!;

    [Theory]
    [InlineData("create")]
    [InlineData("update")]
    [InlineData("rollback")]
    [InlineData("adopt")]
    public void A_change_that_came_up_healthy_is_proven(string kind)
    {
        var plan = Sent(kind, 30).Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Equal((null, New.Hash), (plan.Memory.Pending, plan.Memory.LastGood!.Hash));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(299)]
    [InlineData(300)]
    public void A_change_that_is_not_healthy_yet_is_waited_for(int seconds)
    {
        var plan = Sent("update", seconds).With(Ill).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.WaitingForHealth);
        Assert.NotNull(plan.Memory.Pending);
    }

    [Fact]
    public void An_update_that_misses_its_deadline_is_rolled_back_to_the_last_good_spec()
    {
        var plan = Sent("update", 301).With(Ill).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.RolledBack, "rollback_machine m1");
        Assert.Equal(SnapshotBuilder.Spec.Hash, Assert.IsType<Step.UpdateMachine>(plan.Steps[0]).Spec.Hash);
        Assert.Equal((New.Hash, true, 1), (plan.Memory.Rejected!.SpecHash, plan.Memory.Rejected.Final, plan.Memory.Rejected.Attempts));
        Assert.Single(plan.Notes);
    }

    [Theory]
    [InlineData(MachineStates.Stopped, false, true)]
    [InlineData(MachineStates.Failed, false, true)]
    [InlineData(MachineStates.Stopped, true, false)]
    public void A_program_that_exits_after_an_update_is_rolled_back_at_once(string state, bool asked, bool rolledBack)
    {
        var exit = new MachineEvent("exit", "stopped", SnapshotBuilder.Start.AddSeconds(-1), 1, false, RequestedStop: asked, false, 1);

        var plan = Sent("update", 3).State(state).With((Machine m) => m with { Events = [exit] }).Plan();

        Assert.Equal(rolledBack, plan.Memory.Rejected is not null);
        Assert.Equal(rolledBack ? ["rollback_machine", "start_machine"] : ["start_machine"], plan.Steps.Select(s => s.Kind));
    }

    [Fact]
    public void What_is_stopped_for_want_of_a_tier_proves_nothing_about_what_it_was_changed_to()
    {
        var exit = new MachineEvent("exit", "stopped", SnapshotBuilder.Start.AddSeconds(-1), 1, false, RequestedStop: false, false, 1);

        var plan = Sent("update", 3)
            .State(MachineStates.Stopped)
            .With((Machine m) => m with { Events = [exit] })
            .With((UserApp u) => u with { Tier = "free" })
            .Plan();

        Assert.Equal((null, null), (plan.Memory.Pending, plan.Memory.Rejected));
        Assert.Empty(plan.Notes);
    }

    [Fact]
    public void An_exit_from_before_the_update_is_not_held_against_it()
    {
        var exit = new MachineEvent("exit", "stopped", SnapshotBuilder.Start.AddSeconds(-60), 1, false, false, false, 1);

        Assert.Null(Sent("update", 3).State(MachineStates.Stopped).With((Machine m) => m with { Events = [exit] }).Plan().Memory.Rejected);
    }

    [Fact]
    public void A_first_machine_that_does_not_come_up_has_nothing_to_return_to()
    {
        var plan = Sent("create", 301).With(Ill).With((AppMemory m) => m with { LastGood = null }).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.Unhealthy);
        Assert.Equal((null, null), (plan.Memory.Pending, plan.Memory.Rejected));
    }

    [Fact]
    public void A_rejected_spec_is_not_tried_again_while_the_last_good_one_runs()
    {
        var plan = Rejected().Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Equal(New.Hash, plan.Memory.Rejected!.SpecHash);
    }

    [Fact]
    public void An_update_that_booted_with_secrets_that_were_put_right_since_is_sent_again_and_not_rejected()
    {
        var plan = Sent("update", 301).With(Ill).With((AppMemory m) => m with { Secrets = m.Secrets! with { Version = m.Secrets.Version + 1 } }).Plan();

        Assert.Equal((null, Verdict.Act), (plan.Memory.Rejected, plan.Verdict));
        Assert.Contains(plan.Steps, step => step.Kind == "update_machine");
    }

    [Fact]
    public void Another_wish_is_tried_whatever_was_rejected_before()
    {
        var plan = Rejected().With((FleetPolicy p) => p with { Image = SnapshotBuilder.ImageOf('c', "deployment-3") }).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
        Assert.Null(plan.Memory.Rejected);
    }

    [Fact]
    public void A_force_tries_a_rejected_spec_again() =>
        Rejected().With((FleetGuards g) => g with { Forced = true }).Plan().ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");

    [Fact]
    public void A_spec_is_rejected_by_what_was_sent_when_a_bad_key_kept_the_older_secrets()
    {
        var builder = new SnapshotBuilder().NewImage()
            .With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = "secrets-2", Problem = "refused" } });
        var sent = builder.Plan().Spec!;

        var plan = builder
            .With((AppMemory m) => m with { Rejected = new(sent.Hash, "RolledBack: check critical", SnapshotBuilder.Start, 1, Final: true) })
            .Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
    }

    [Fact]
    public void A_rollback_that_carries_new_secrets_is_still_a_rollback()
    {
        var builder = Rejected();
        var wish = builder.With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = "secrets-2" } }).Build().Desired.Machine!;
        var plan = builder.With((AppMemory m) => m with { Rejected = m.Rejected! with { SpecHash = wish.Hash } }).Plan();

        Assert.Equal(["set_secrets", "rollback_machine"], plan.Steps.Select(s => s.Kind));
    }

    [Fact]
    public void A_rollback_that_is_not_healthy_either_does_not_bring_the_rejected_spec_back()
    {
        var plan = Rejected()
            .With((AppMemory m) => m with { Pending = new("rollback", "m1", "v1", "v0", SnapshotBuilder.Spec, SnapshotBuilder.Start.AddHours(-1)) })
            .With(Ill)
            .Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.Unhealthy);
        Assert.Equal((New.Hash, true), (plan.Memory.Rejected!.SpecHash, plan.Memory.Rejected.Final));
    }

    [Fact]
    public void A_newer_version_of_somebody_else_ends_the_watch_and_is_compared_afresh()
    {
        var plan = Sent("update", 60).With((Machine m) => m with { InstanceId = "v9", Config = m.Config! with { AutoDestroy = true } }).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
        Assert.Null(plan.Memory.Rejected);
    }

    [Fact]
    public void A_change_on_its_way_to_another_wish_is_overtaken_by_it() =>
        Sent("update", 60).With(Ill).With((FleetPolicy p) => p with { Image = SnapshotBuilder.ImageOf('c', "deployment-3") }).Plan()
            .ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    [InlineData(31, false)]
    public void The_watch_over_a_machine_that_is_gone_ends_after_the_create_lag(int seconds, bool watched) =>
        Assert.Equal(watched, Sent("create", seconds).Gone().Plan().Memory.Pending is not null);

    [Theory]
    [InlineData(29, true)]
    [InlineData(30, false)]
    public void The_watch_over_a_machine_that_is_not_found_ends_when_looks_agree(int seconds, bool watched) =>
        Assert.Equal(watched, Sent("create", 3600).NotFound(seconds).Plan().Memory.Pending is not null);

    [Theory]
    [InlineData("create", 1, false)]
    [InlineData("create", 2, false)]
    [InlineData("create", 3, true)]
    [InlineData("update", 1, true)]
    [InlineData("update", 3, true)]
    public void Starts_of_a_machine_that_came_up_for_the_first_time_are_forgotten_unless_it_was_looping(string kind, int restarts, bool areKept) =>
        Assert.Equal(
            areKept,
            Sent(kind, 30).With((AppMemory m) => m with { Crash = new CrashMemory(restarts, SnapshotBuilder.Start.AddSeconds(-60)) }).Plan()
                .Memory.Crash is not null);

    [Fact]
    public void A_first_machine_that_is_stopped_for_want_of_a_tier_is_watched_on() =>
        Assert.NotNull(Sent("create", 3).With(Ill).With((UserApp u) => u with { Tier = "free" }).Plan().Memory.Pending);

    private static Machine Ill(Machine machine) => machine with { Checks = [new CheckStatus("health", "critical", "", null)] };

    /// <summary>A new image was sent this long ago, and its version is up.</summary>
    private static SnapshotBuilder Sent(string kind, int seconds) => new SnapshotBuilder()
        .NewImage()
        .With((Machine m) => SnapshotBuilder.MachineOf(New, m.Id, "v2"))
        .With((AppMemory m) => m with { Pending = new(kind, "m1", "v2", "v1", New, SnapshotBuilder.Start.AddSeconds(-seconds)) });

    /// <summary>The new image was rejected, and the last good one runs.</summary>
    private static SnapshotBuilder Rejected() => new SnapshotBuilder()
        .NewImage()
        .With((AppMemory m) => m with { Rejected = new(New.Hash, "RolledBack: check critical", SnapshotBuilder.Start.AddHours(-1), 1, Final: true) });
}
