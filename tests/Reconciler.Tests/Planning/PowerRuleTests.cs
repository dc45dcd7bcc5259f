using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

public sealed class PowerRuleTests
{
    [Theory]
    [InlineData(MachineStates.Stopped, Reasons.MachineStopped)]
    [InlineData(MachineStates.Suspended, Reasons.MachineStopped)]
    [InlineData(MachineStates.Created, Reasons.Provisioning)]
    public void A_machine_at_rest_is_started(string state, string reason) =>
        new SnapshotBuilder().State(state).Plan().ShouldBe(Verdict.Act, reason, "start_machine m1");

    [Fact]
    public void A_failed_machine_is_recovered_by_an_update_and_a_start() =>
        new SnapshotBuilder().State(MachineStates.Failed).Plan()
            .ShouldBe(Verdict.Act, Reasons.MachineFailed, "update_machine m1", "start_machine m1");

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(3, 40)]
    [InlineData(4, 80)]
    [InlineData(5, 160)]
    [InlineData(6, 300)]
    [InlineData(7, 300)]
    [InlineData(10_000, 300)]
    public void Restarts_wait_longer_each_time_up_to_five_minutes(int restarts, int seconds)
    {
        Assert.Equal(Verdict.Wait, Crashed(restarts, seconds - 1).Plan().Verdict);
        Assert.Equal(TimeSpan.FromSeconds(1), Crashed(restarts, seconds - 1).Plan().RequeueAfter);
        Assert.Equal(Verdict.Act, Crashed(restarts, seconds).Plan().Verdict);
    }

    [Theory]
    [InlineData(1, Verdict.Act)]
    [InlineData(2, Verdict.Act)]
    [InlineData(3, Verdict.Wait)]
    public void A_new_machine_waits_for_the_restarts_of_the_one_before_it_only_when_they_go_on_and_on(int restarts, Verdict verdict) =>
        Assert.Equal(verdict, Crashed(restarts, 1).State(MachineStates.Created).Plan().Verdict);

    [Theory]
    [InlineData("update", 100, "m1", MachineStates.Stopped, Verdict.Act)]
    [InlineData("rollback", 100, "m1", MachineStates.Stopped, Verdict.Act)]
    [InlineData("update", 100, "m1", MachineStates.Created, Verdict.Act)]
    [InlineData("update", 200, "m1", MachineStates.Stopped, Verdict.Wait)] // started since it was sent
    [InlineData("update", 100, "m2", MachineStates.Stopped, Verdict.Wait)]
    [InlineData("create", 100, "m1", MachineStates.Stopped, Verdict.Wait)]
    [InlineData("update", 100, "m1", MachineStates.Failed, Verdict.Wait)]
    public void A_new_version_is_started_at_once_the_first_time(string kind, int secondsAgo, string machine, string state, Verdict verdict)
    {
        var change = new PendingChange(kind, machine, null, null, SnapshotBuilder.Spec, SnapshotBuilder.Start.AddSeconds(-secondsAgo));

        var plan = Crashed(7, 150).State(state).With((AppMemory m) => m with { Pending = change }).Plan();

        Assert.Equal(verdict, plan.Verdict);
    }

    [Theory]
    [InlineData(1, Reasons.MachineStopped)]
    [InlineData(2, Reasons.MachineStopped)]
    [InlineData(3, Reasons.CrashLooping)]
    [InlineData(9, Reasons.CrashLooping)]
    public void From_the_third_restart_on_the_user_is_told_that_the_machine_is_crash_looping(int restarts, string reason)
    {
        Assert.Equal(reason, Crashed(restarts, 0).Plan().Reason);
        Assert.Equal(reason, Crashed(restarts, 1000).Plan().Reason);
    }

    [Fact]
    public void A_machine_that_stays_failed_after_three_recoveries_is_replaced()
    {
        var plan = Crashed(3, 1000).State(MachineStates.Failed).Plan();

        Assert.Equal(["check_capacity sin", "destroy_machine m1", "confirm_gone m1"], plan.Lines()[..3]);
    }

    [Fact]
    public void Good_health_for_ten_minutes_forgets_the_restarts()
    {
        Assert.NotNull(Crashed(5, 600).State(MachineStates.Started).Plan().Memory.Crash);
        Assert.Null(Crashed(5, 601).State(MachineStates.Started).Plan().Memory.Crash);
    }

    [Fact]
    public void A_settled_machine_with_restarts_to_forget_is_looked_at_again_when_they_are_due()
    {
        var plan = Crashed(5, 100).State(MachineStates.Started).Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Equal(TimeSpan.FromSeconds(501), plan.RequeueAfter);
    }

    [Theory]
    [InlineData(MachineStates.Stopped)]
    [InlineData(MachineStates.Failed)]
    public void A_machine_whose_host_is_full_is_replaced_instead_of_started_for_ever(string state)
    {
        var plan = new SnapshotBuilder().State(state).With((AppMemory m) => m with { MustReplace = "its host is full" }).Plan();

        Assert.Contains("destroy_machine m1", plan.Lines());
    }

    [Fact]
    public void A_full_host_is_forgotten_once_the_machine_runs_on_it()
    {
        var plan = new SnapshotBuilder().With((AppMemory m) => m with { MustReplace = "its host is full" }).Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Null(plan.Memory.MustReplace);
    }

    private static SnapshotBuilder Crashed(int restarts, int secondsAgo) => new SnapshotBuilder()
        .State(MachineStates.Stopped)
        .With((AppMemory m) => m with { Crash = new CrashMemory(restarts, SnapshotBuilder.Start.AddSeconds(-secondsAgo)) });
}
