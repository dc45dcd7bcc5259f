using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class FormerAppRuleTests
{
    private const string Former = "vyx-user-former";

    [Theory]
    [InlineData(MachineStates.Started, true)]
    [InlineData(MachineStates.Starting, true)]
    [InlineData(MachineStates.Replacing, true)]
    [InlineData("pending", true)]
    [InlineData(MachineStates.Stopped, false)]
    [InlineData(MachineStates.Created, false)]
    [InlineData(MachineStates.Stopping, false)]
    public void What_runs_in_an_app_that_the_row_no_longer_names_is_stopped_first(string state, bool stops)
    {
        // Something that needs a look of its own: it has to wait.
        var plan = Leaves(Machine("f1", state)).With((Machine m) => m with { Region = "sjc" }).Plan();

        if (stops)
        {
            plan.ShouldBe(Verdict.Act, Reasons.FormerApp, "stop_machine f1");
            Assert.Equal(Former, Assert.IsType<Step.StopMachine>(plan.Steps[0]).App);
        }
        else
        {
            Assert.NotEqual(Reasons.FormerApp, plan.Reason);
        }
    }

    [Fact]
    public void It_is_stopped_for_a_user_without_a_tier_too() =>
        Leaves(Machine("f1", MachineStates.Started)).With((UserApp u) => u with { Tier = "free" }).Plan()
            .ShouldBe(Verdict.Act, Reasons.FormerApp, "stop_machine f1");

    [Fact]
    public void It_is_stopped_under_a_hold_and_without_a_budget() =>
        Leaves(Machine("f1", MachineStates.Started)).With((FleetGuards _) => new FleetGuards(0, "held", false)).Plan()
            .ShouldBe(Verdict.Act, Reasons.FormerApp, "stop_machine f1");

    [Theory]
    [InlineData(MachineStates.Stopping)]
    [InlineData(MachineStates.Destroying)]
    public void Nothing_is_started_while_a_machine_there_is_on_its_way_out(string state) =>
        Leaves(Machine("f1", state)).State(MachineStates.Stopped).Plan().ShouldBe(Verdict.Wait, Reasons.DuplicateMachine);

    [Fact]
    public void An_app_at_rest_is_deleted_when_there_is_nothing_else_to_do()
    {
        Leaves(Machine("f1", MachineStates.Stopped)).Plan().ShouldBe(Verdict.Act, Reasons.FormerApp, $"delete_former_app {Former}");
        Leaves().Plan().ShouldBe(Verdict.Act, Reasons.FormerApp, $"delete_former_app {Former}");
        Assert.DoesNotContain(Leaves().With((Machine m) => m with { Region = "sjc" }).Plan().Steps, s => s is Step.DeleteFormerApp);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5, "held")]
    public void It_is_not_deleted_beyond_the_budget_or_under_a_hold_and_is_then_in_nobodys_way(int left, string? hold) =>
        Leaves().With((FleetGuards _) => new FleetGuards(left, hold, false)).Plan().ShouldBe(Verdict.Settled, Reasons.Converged);

    [Fact]
    public void It_is_not_touched_while_the_user_is_paused() =>
        Leaves(Machine("f1", MachineStates.Started)).With((UserApp u) => u with { Paused = true }).Plan().ShouldBe(Verdict.Blocked, Reasons.Paused);

    [Fact]
    public void A_name_that_is_somebody_elses_by_now_is_left_alone() =>
        Leaves(new FormerApp(Former, AppPresence.Foreign, [], null)).Plan().ShouldBe(Verdict.Settled, Reasons.Converged);

    [Theory]
    [InlineData(0, false)]
    [InlineData(599, false)]
    [InlineData(600, true)]
    public void The_record_of_one_that_is_gone_is_released_after_ten_minutes_of_looks(int seconds, bool released)
    {
        var plan = Leaves(new FormerApp(Former, AppPresence.Missing, [], SnapshotBuilder.Start.AddSeconds(-seconds))).Plan();

        plan.ShouldBe(
            released ? Verdict.Act : Verdict.Settled,
            released ? Reasons.FormerApp : Reasons.Converged,
            released ? [$"release_former_app {Former}"] : []);
    }

    private static Machine Machine(string id, string state) => SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, id) with { State = state };

    private static SnapshotBuilder Leaves(params Machine[] machines) => Leaves(new FormerApp(Former, AppPresence.Ours, machines, null));

    private static SnapshotBuilder Leaves(FormerApp former) => new SnapshotBuilder()
        .With((UserApp u) => u with { FormerApps = [former.App] })
        .With((ObservedApp o) => o with { Former = [former] });
}
