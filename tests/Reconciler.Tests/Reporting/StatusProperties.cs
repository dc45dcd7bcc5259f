using CsCheck;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

public sealed class StatusProperties
{
    private static readonly string[] Statuses = ["provisioning", "active", "error", "deprovisioning", "deleted"];
    private static readonly string[] HealthStatuses = ["healthy", "unhealthy", "unknown"];
    private static readonly string[] EventTypes =
    [
        "provision_requested", "provision_started", "provision_completed", "provision_failed", "health_check_passed", "health_check_failed",
        "deprovision_requested", "deprovision_started", "deprovision_completed", "deprovision_failed", "error_occurred", "recovery_attempted",
    ];

    private static readonly Gen<ApplyStop?> Stops = Gen.OneOf(
        null,
        new ApplyStop.Wait(Reasons.WaitingForMachine, "not yet", TimeSpan.FromSeconds(2)),
        new ApplyStop.Guarded(Reasons.DestroyBudget, "spent", TimeSpan.FromMinutes(1)),
        (ApplyStop)new ApplyStop.Failed(Reasons.FlyTransient, "HTTP 503", BackoffClass.Transient, "start_machine", null, "req-1"));

    /// <summary>What "a quiet fleet writes nothing" rests on: what was written once is not written again.</summary>
    [Fact]
    public void A_reconcile_without_steps_of_the_row_it_left_changes_nothing_and_tells_nothing() => SnapshotGen.Any.Sample(
        snapshot =>
        {
            if (Planner.Plan(snapshot).Steps.Count == 0)
            {
                var first = snapshot.Report();
                var second = snapshot.Again(first).Report();

                Assert.Equal(first with { Events = [] }, second with { Events = [] });
                Assert.Empty(second.Events);
            }
        },
        iter: 20_000);

    [Fact]
    public void A_quiet_user_stays_quiet_however_much_later_the_next_look_comes() => SnapshotGen.Any.Sample(
        snapshot =>
        {
            var first = snapshot.Report();
            var plan = Planner.Plan(snapshot);

            // The record of an app that is gone is released after a while.
            var isLeft = snapshot.Observed.Former.Any(f => f.MissingSince is not null);
            if (plan.Verdict == Verdict.Settled && plan.Memory.Crash is null && snapshot.Desired.Phase == Phase.Run && !isLeft)
            {
                var second = (snapshot.Again(first) with { Now = snapshot.Now.AddDays(3) }).Report();

                Assert.Equal(first with { Events = [] }, second with { Events = [] });
            }
        },
        iter: 20_000);

    [Fact]
    public void Every_row_is_one_that_the_hosts_constraints_allow() => SnapshotGen.Any.Select(Stops, (snapshot, stop) => (snapshot, stop)).Sample(
        (snapshot, stop) =>
        {
            var plan = Planner.Plan(snapshot);
            var result = plan.Steps.Count == 0 ? null : new ApplyResult(plan.Memory, [plan.Steps[0]], stop, snapshot.User.MachineId, snapshot.User.AppName);
            var write = snapshot.Report(plan, result);

            Assert.Contains(write.Status, Statuses);
            Assert.Contains(write.HealthStatus, HealthStatuses);
            Assert.All(write.Events, e => Assert.Contains(e.Type, EventTypes));
            Assert.All(write.Events, e => Assert.Equal(write.Status, e.Status));
            Assert.Equal(snapshot.User.Generation, write.ObservedGeneration);
            Assert.True(write.Status != "error" || write.ErrorMessage is not null);
            Assert.Equal(6, Reconciler.Reporting.ReportJson.ReadConditions(write.Conditions).Select(c => c.Type).Distinct().Count());
            Assert.True(write.Fingerprint == 0 || plan.Verdict == Verdict.Settled);
            Assert.DoesNotContain(SnapshotBuilder.SecretValue, write.ToString() + string.Join(' ', write.Events), StringComparison.Ordinal);
        },
        iter: 20_000);

    [Fact]
    public void Ready_is_said_only_of_a_settled_user_that_should_run() => SnapshotGen.Any.Sample(
        snapshot =>
        {
            var plan = Planner.Plan(snapshot);
            var ready = snapshot.Report(plan).Condition(ConditionTypes.Ready).Status == ConditionStatus.True;
            Assert.Equal(plan.Verdict == Verdict.Settled && snapshot.Desired.Phase == Phase.Run, ready);
        },
        iter: 5_000);
}
