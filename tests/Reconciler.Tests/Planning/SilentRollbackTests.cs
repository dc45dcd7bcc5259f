using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>Fly answers an update with 200 and does not carry it out.</summary>
public sealed class SilentRollbackTests
{
    private static readonly MachineSpec New = new SnapshotBuilder().NewImage().Build().Desired.Machine!;

    [Theory]
    [InlineData(29, Verdict.Wait, Reasons.WaitingForHealth)]
    [InlineData(30, Verdict.Blocked, Reasons.SilentlyRolledBack)]
    public void The_version_before_is_lag_at_first_and_then_a_rollback(int seconds, Verdict verdict, string reason)
    {
        var plan = Sent(seconds).Plan();

        plan.ShouldBe(verdict, reason);
        Assert.Equal(verdict == Verdict.Wait, plan.Memory.Pending is not null);
        Assert.Equal(verdict == Verdict.Wait ? 0 : 1, plan.Notes.Count);
    }

    [Theory]
    [InlineData(29, Verdict.Wait)]
    [InlineData(30, Verdict.Blocked)]
    public void A_new_version_that_runs_the_image_before_is_a_rollback_too(int seconds, Verdict verdict)
    {
        var plan = Sent(seconds)
            .With((Machine m) => SnapshotBuilder.MachineOf(New, m.Id, "v2") with { ImageRef = m.ImageRef })
            .Plan();

        Assert.Equal(verdict, plan.Verdict);
    }

    [Fact]
    public void What_the_machine_never_takes_over_is_not_sent_again_at_once()
    {
        var plan = Sent(60).With((Machine m) => SnapshotBuilder.MachineOf(New, m.Id, "v2")).Config(c => c with { AutoDestroy = true }).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.SilentlyRolledBack);
        Assert.EndsWith("left auto_destroy as it was", Assert.Single(plan.Notes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(500, 60)]
    public void It_is_tried_again_after_a_minute_and_twice_as_long_each_time(int attempts, int minutes)
    {
        var before = Refused(attempts, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(1)).Plan();

        before.ShouldBe(Verdict.Blocked, Reasons.SilentlyRolledBack);
        Assert.Equal(TimeSpan.FromSeconds(1), before.RequeueAfter);
        Refused(attempts, TimeSpan.FromMinutes(minutes)).Plan().ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
    }

    [Fact]
    public void A_try_from_before_our_clock_went_back_is_not_waited_for() =>
        Refused(7, TimeSpan.FromSeconds(-1)).Plan().ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");

    [Fact]
    public void Attempts_add_up_and_success_forgets_them()
    {
        var again = Sent(60).With((AppMemory m) => m with { Rejected = Rejection(3) }).Plan();
        var done = Sent(60).With((AppMemory m) => m with { Rejected = Rejection(3) }).With((Machine m) => SnapshotBuilder.MachineOf(New, m.Id, "v2")).Plan();

        Assert.Equal(4, again.Memory.Rejected!.Attempts);
        Assert.Null(done.Memory.Rejected);
    }

    [Fact]
    public void A_machine_that_stopped_meanwhile_is_started_as_it_is() =>
        Refused(6, TimeSpan.Zero).State(MachineStates.Stopped).Plan().ShouldBe(Verdict.Act, Reasons.MachineStopped, "start_machine m1");

    [Fact]
    public void A_rollback_of_ours_that_is_rolled_back_keeps_its_aim_and_waits()
    {
        var bad = SnapshotBuilder.MachineOf(New, "m1", "v2");
        var builder = new SnapshotBuilder().NewImage().With((Machine _) => bad).With((AppMemory m) => m with
        {
            Rejected = new(New.Hash, "RolledBack: check critical", SnapshotBuilder.Start.AddMinutes(-2), 1, Final: true),
            Pending = new("rollback", "m1", "v3", "v2", SnapshotBuilder.Spec, SnapshotBuilder.Start.AddMinutes(-1)),
        });

        var plan = builder.Plan();
        var later = builder.With((AppMemory _) => plan.Memory).Later(TimeSpan.FromMinutes(2)).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.SilentlyRolledBack);
        Assert.Equal(2, plan.Memory.Rejected!.Attempts);
        Assert.Equal(["rollback_machine"], later.Steps.Select(s => s.Kind));
    }

    private static RejectedSpec Rejection(int attempts) => new(New.Hash, Reasons.SilentlyRolledBack, SnapshotBuilder.Start.AddDays(-1), attempts, false);

    private static SnapshotBuilder Refused(int attempts, TimeSpan ago) => new SnapshotBuilder()
        .NewImage()
        .With((AppMemory m) => m with { Rejected = Rejection(attempts) with { At = SnapshotBuilder.Start - ago } });

    /// <summary>An update to a new image was sent this long ago, and the version before it is still there.</summary>
    private static SnapshotBuilder Sent(int seconds) => new SnapshotBuilder()
        .NewImage()
        .With((AppMemory m) => m with { Pending = new("update", "m1", "v2", "v1", New, SnapshotBuilder.Start.AddSeconds(-seconds)) });
}
