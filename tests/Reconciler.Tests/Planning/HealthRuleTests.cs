using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

public sealed class HealthRuleTests
{
    [Theory]
    [InlineData("passing", HealthState.Healthy)]
    [InlineData("warning", HealthState.Unhealthy)]
    [InlineData("critical", HealthState.Unhealthy)]
    [InlineData("something new", HealthState.Unknown)]
    [InlineData(null, HealthState.Unknown)]
    public void Flys_check_decides(string? status, HealthState state) =>
        Assert.Equal(state, new SnapshotBuilder().With((Machine m) => m with { Checks = [new("health", status, null, null)] }).Plan().Health.State);

    [Theory]
    [InlineData(true, null, HealthState.Healthy)]
    [InlineData(false, null, HealthState.Healthy)]
    [InlineData(true, "works for another user", HealthState.Unhealthy)]
    public void The_machines_own_answer_can_only_make_it_worse(bool reached, string? problem, HealthState state) =>
        Assert.Equal(state, new SnapshotBuilder().With((ObservedApp o) => o with { Probe = new(reached, problem) }).Plan().Health.State);

    [Fact]
    public void A_check_of_another_name_says_nothing() =>
        Assert.Equal(
            HealthState.Unknown,
            new SnapshotBuilder().With((Machine m) => m with { Checks = [new("servicecheck-00-http-8080", "passing", null, null)] }).Plan().Health.State);

    [Fact]
    public void A_machine_that_does_not_run_is_neither_healthy_nor_ill() =>
        Assert.Equal(HealthVerdict.NotRunning, new SnapshotBuilder().State(MachineStates.Stopped).Plan().Health);

    [Fact]
    public void An_ill_machine_is_watched_for_five_minutes_and_then_restarted()
    {
        Ill(0).Plan().ShouldBe(Verdict.Wait, Reasons.Unhealthy);
        Ill(299).Plan().ShouldBe(Verdict.Wait, Reasons.Unhealthy);
        Ill(300).Plan().ShouldBe(Verdict.Act, Reasons.Unhealthy, "restart_machine m1");
    }

    [Theory]
    [InlineData(299, true, null, "")]
    [InlineData(300, true, null, "set_secrets, update_machine m1")]
    [InlineData(300, true, "the key is refused", "restart_machine m1")]
    [InlineData(300, false, null, "restart_machine m1")]
    public void Who_works_for_somebody_else_gets_its_secrets_anew_because_a_restart_brings_it_the_same_again(
        int seconds, bool isSomebodyElse, string? keyProblem, string steps)
    {
        var plan = Ill(seconds)
            .With((ObservedApp o) => o with { Probe = new(true, "reports run_mode tampered instead of user_dedicated", isSomebodyElse) })
            .With((FleetPolicy p) => p with { Secrets = p.Secrets with { Problem = keyProblem } })
            .Plan();

        plan.ShouldBe(steps.Length == 0 ? Verdict.Wait : Verdict.Act, Reasons.Unhealthy, [.. steps.Split(", ", StringSplitOptions.RemoveEmptyEntries)]);
    }

    [Fact]
    public void Restarts_of_an_ill_machine_wait_out_the_crash_backoff()
    {
        var plan = Ill(3600).With((AppMemory m) => m with { Crash = new CrashMemory(6, SnapshotBuilder.Start.AddSeconds(-290)) }).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.CrashLooping);
        Assert.Equal(TimeSpan.FromSeconds(10), plan.RequeueAfter);
    }

    [Theory]
    [InlineData(300, 1, Reasons.Unhealthy, 9)]
    [InlineData(300, 2, Reasons.Unhealthy, 15)]
    [InlineData(3600, 3, Reasons.CrashLooping, 15)]
    public void A_restart_that_is_due_waits_for_the_one_before_it_and_says_when_they_go_on_and_on(
        int seconds, int restarts, string reason, int after)
    {
        var plan = Ill(seconds).With((AppMemory m) => m with { Crash = new CrashMemory(restarts, SnapshotBuilder.Start.AddSeconds(-1)) }).Plan();

        plan.ShouldBe(Verdict.Wait, reason);
        Assert.Equal(TimeSpan.FromSeconds(after), plan.RequeueAfter);
    }

    private static SnapshotBuilder Ill(int seconds) => new SnapshotBuilder()
        .With((Machine m) => m with { Checks = [new("health", "critical", null, null)] })
        .With((AppMemory m) => m with { Trouble = new TroubleMemory("unhealthy", "m1", SnapshotBuilder.Start.AddSeconds(-seconds)) });
}
