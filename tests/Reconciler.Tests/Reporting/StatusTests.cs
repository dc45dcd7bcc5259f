using FlyApi.Contracts;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Reporting;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

public sealed class StatusTests
{
    private static readonly ApplyStop.Failed Transient = new(Reasons.FlyTransient, "HTTP 503", BackoffClass.Transient, "start_machine", null, "req-1");

    [Fact]
    public void A_settled_user_is_active_and_ready()
    {
        var write = new SnapshotBuilder().With((UserApp u) => u with { Status = "provisioning" }).Build().Report();

        Assert.Equal(("active", "healthy", null, 0), (write.Status, write.HealthStatus, write.ErrorMessage, write.RetryCount));
        Assert.Equal(ConditionStatus.True, write.Condition(ConditionTypes.Ready).Status);
        Assert.Equal(ConditionStatus.False, write.Condition(ConditionTypes.Progressing).Status);
        Assert.Equal(["provision_completed"], write.Events.Select(e => e.Type));
    }

    [Fact]
    public void The_row_says_what_Fly_shows_and_not_what_was_wished()
    {
        var write = new SnapshotBuilder().With((Machine m) => m with { Region = "sjc" }).Config(c => c with { Guest = new("shared", 4, 1024) }).Build().Report();

        Assert.Equal(("sjc", 4, 1024), (write.Region, write.CpuCount, write.MemoryMb));
    }

    [Theory]
    [InlineData("active", MachineStates.Started, "active")]
    [InlineData("active", MachineStates.Stopped, "error")]
    [InlineData("provisioning", MachineStates.Started, "error")]
    public void A_failed_call_makes_an_error_unless_the_machine_goes_on_working(string before, string state, string status)
    {
        var snapshot = new SnapshotBuilder().NewImage().State(state).With((UserApp u) => u with { Status = before }).Build();
        var write = Failing(snapshot, Transient);

        Assert.Equal((status, "HTTP 503", 1, "Transient"), (write.Status, write.ErrorMessage, write.RetryCount, write.LastErrorClass));
        Assert.Equal(0, write.Fingerprint);
        Assert.NotNull(write.NextAttemptAt);
    }

    [Fact]
    public void A_failure_that_lasts_is_told_once_and_another_kind_again()
    {
        var snapshot = new SnapshotBuilder().State(MachineStates.Stopped).Build();
        var first = Failing(snapshot, Transient);
        var second = Failing(snapshot.Again(first), Transient);
        var other = Failing(snapshot.Again(second), Transient with { Reason = Reasons.FlyCapacity, Class = BackoffClass.Capacity });

        Assert.Equal(["error_occurred"], first.Events.Select(e => e.Type));
        Assert.Empty(second.Events);
        Assert.Equal(["error_occurred"], other.Events.Select(e => e.Type));
        Assert.Equal((1, 2, 3), (first.RetryCount, second.RetryCount, other.RetryCount));
        Assert.Contains("req-1", first.Events[0].Metadata, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Reasons.CrashLooping, "what is wrong now")]
    [InlineData(Reasons.Unhealthy, "what is wrong now")]
    [InlineData(Reasons.HostUnreachable, "what is wrong now")]
    [InlineData(Reasons.WaitingForMachine, "HTTP 503")]
    public void An_error_that_lasts_is_told_until_something_else_is_known_to_be_wrong(string reason, string told)
    {
        var snapshot = new SnapshotBuilder().State(MachineStates.Stopped).Build();
        var again = snapshot.Again(Failing(snapshot, Transient));

        var write = again.Report(Planner.Plan(again) with { Verdict = Verdict.Wait, Steps = [], Reason = reason, Message = "what is wrong now" });

        Assert.Equal(("error", told), (write.Status, write.ErrorMessage));
    }

    [Fact]
    public void A_block_under_a_rejected_wish_is_told_once()
    {
        var builder = new SnapshotBuilder().NewImage();
        var wish = builder.Build().Desired.Machine!;
        var snapshot = builder
            .With((AppMemory m) => m with { Rejected = new(wish.Hash, Reasons.SilentlyRolledBack, SnapshotBuilder.Start, 1, false) })
            .Build();

        var first = snapshot.Report();

        Assert.Equal(["error_occurred"], first.Events.Select(e => e.Type));
        Assert.Empty(snapshot.Again(first).Report().Events);
    }

    [Fact]
    public void A_rejected_wish_shows_while_the_last_good_machine_is_ready()
    {
        var builder = new SnapshotBuilder().NewImage();
        var wish = builder.Build().Desired.Machine!;
        var write = builder
            .With((AppMemory m) => m with { Rejected = new(wish.Hash, "RolledBack: check critical", SnapshotBuilder.Start, 1, Final: true) })
            .Build().Report();

        Assert.Equal((ConditionStatus.True, ConditionStatus.True), (write.Condition(ConditionTypes.Ready).Status, write.Condition(ConditionTypes.Degraded).Status));
        Assert.Equal("runs the last good machine; registry.fly.io/vyx-app:deployment-2 was rejected: RolledBack: check critical", write.ErrorMessage);
    }

    [Fact]
    public void A_pause_is_no_degradation() =>
        Assert.Equal(
            ConditionStatus.False,
            new SnapshotBuilder().With((UserApp u) => u with { Paused = true }).Build().Report().Condition(ConditionTypes.Degraded).Status);

    [Fact]
    public void A_transition_time_moves_with_the_status_and_with_nothing_else()
    {
        var start = new SnapshotBuilder().Build();
        var healthy = start.Report();
        var later = new SnapshotBuilder().Later(TimeSpan.FromHours(1)).With((FleetPolicy p) => p with { Image = p.Image with { Label = "another" } }).Build();
        var same = (later with { User = healthy.Read(later.User) }).Report();
        var ill = new SnapshotBuilder().Later(TimeSpan.FromHours(2)).With((Machine m) => m with { Checks = [new("health", "critical", null, null)] }).Build();
        var changed = (ill with { User = same.Read(ill.User) }).Report();

        Assert.Equal(SnapshotBuilder.Start, same.Condition(ConditionTypes.ImageResolved).LastTransitionTime);
        Assert.Equal("another", same.Condition(ConditionTypes.ImageResolved).Message);
        Assert.Equal(SnapshotBuilder.Start.AddHours(2), changed.Condition(ConditionTypes.Healthy).LastTransitionTime);
        Assert.Equal(SnapshotBuilder.Start.AddHours(2), changed.Condition(ConditionTypes.Ready).LastTransitionTime);
        Assert.Equal(SnapshotBuilder.Start, changed.Condition(ConditionTypes.SecretsSynced).LastTransitionTime);
        Assert.Equal(["health_check_failed"], changed.Events.Select(e => e.Type));
    }

    [Theory]
    [InlineData("secrets-1", ConditionStatus.True)]
    [InlineData("secrets-2", ConditionStatus.False)]
    public void Secrets_are_synced_once_the_machine_has_booted_with_them(string wished, ConditionStatus status) =>
        Assert.Equal(
            status,
            new SnapshotBuilder().With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = wished } }).Build().Report()
                .Condition(ConditionTypes.SecretsSynced).Status);

    [Fact]
    public void Without_a_machine_no_secrets_are_synced() =>
        Assert.Equal(ConditionStatus.False, new SnapshotBuilder().Unseen().Build().Report().Condition(ConditionTypes.SecretsSynced).Status);

    [Theory]
    [InlineData(MachineStates.Started, "deprovisioning", 4.04)]
    [InlineData(MachineStates.Stopped, "deprovisioning", 0)]
    public void A_user_without_a_tier_is_deprovisioning_until_the_app_is_gone(string state, string status, double cost)
    {
        var write = Leaving().State(state).Build().Report();

        Assert.Equal((status, (decimal)cost), (write.Status, write.MonthlyCostUsd));
        Assert.Contains("deprovision_requested", write.Events.Select(e => e.Type));
    }

    [Fact]
    public void A_user_whose_app_is_gone_is_deleted_and_costs_nothing()
    {
        var write = Leaving().Unseen()
            .With((ObservedApp o) => o with { App = AppPresence.Missing })
            .With((UserApp u) => u with { Ownership = null, MachineId = null })
            .Build().Report();

        Assert.Equal(("deleted", "unknown", 0m, SnapshotBuilder.Start.UtcDateTime), (write.Status, write.HealthStatus, write.MonthlyCostUsd, write.DeletedAt));
        Assert.Contains("deprovision_completed", write.Events.Select(e => e.Type));
    }

    [Fact]
    public void The_end_of_a_grace_is_written_down_so_that_a_restart_keeps_it() =>
        Assert.Equal(
            SnapshotBuilder.Start.AddHours(72).UtcDateTime, Leaving().State(MachineStates.Stopped).Build().Report().NextAttemptAt);

    [Fact]
    public void A_user_who_comes_back_is_no_longer_deleted()
    {
        var write = new SnapshotBuilder()
            .With((UserApp u) => u with { DeletedAt = SnapshotBuilder.Start.UtcDateTime, Status = "deleted" })
            .With((AppMemory m) => m with { DeprovisionSince = SnapshotBuilder.Start })
            .Unseen()
            .Build().Report();

        Assert.Equal(("provisioning", null), (write.Status, write.DeletedAt));
        Assert.Equal(["provision_requested"], write.Events.Select(e => e.Type));
    }

    [Fact]
    public void Steps_that_were_done_are_told_with_what_differed()
    {
        var snapshot = new SnapshotBuilder().NewImage().Build();
        var plan = Planner.Plan(snapshot);
        var write = snapshot.Report(plan, new ApplyResult(plan.Memory, plan.Steps, null, "m1", SnapshotBuilder.App));

        var told = Assert.Single(write.Events);
        Assert.Equal("recovery_attempted", told.Type);
        Assert.Contains("update_machine", told.Metadata, StringComparison.Ordinal);
        Assert.Contains("registry.fly.io/vyx-app:deployment-2", told.Metadata, StringComparison.Ordinal);
    }

    private static SnapshotBuilder Leaving() => new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" });

    private static StatusWrite Failing(Snapshot snapshot, ApplyStop.Failed failure)
    {
        var plan = Planner.Plan(snapshot);
        return snapshot.Report(plan, new ApplyResult(plan.Memory, [], failure, "m1", SnapshotBuilder.App));
    }
}
