using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class FormerAppRuleTests
{
    private const string Former = "vyx-user-former";

    private static readonly FleetGuards Spent = new(0, null, false);

    [Theory]
    [InlineData(MachineStates.Started)]
    [InlineData(MachineStates.Stopped)]
    [InlineData(MachineStates.Replacing)]
    [InlineData(null)]
    public void An_app_that_the_row_no_longer_names_goes_before_anything_else_is_done(string? state)
    {
        // Something that needs a step of its own: it has to wait.
        var builder = Leaves(state is null ? [] : [Machine("f1", state)]).With((Machine m) => m with { Region = "sjc" });

        builder.Plan().ShouldBe(Verdict.Act, Reasons.FormerApp, $"delete_former_app {Former}");
        builder.With((UserApp u) => u with { Tier = "free" }).Plan().ShouldBe(Verdict.Act, Reasons.FormerApp, $"delete_former_app {Former}");
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5, "held")]
    public void Beyond_the_budget_or_under_a_hold_what_runs_there_is_stopped(int left, string? hold)
    {
        var plan = Leaves(Machine("f1", MachineStates.Started), Machine("f2", MachineStates.Stopped), Machine("f3", MachineStates.Stopping))
            .With((FleetGuards _) => new FleetGuards(left, hold, false))
            .Plan();

        plan.ShouldBe(Verdict.Act, Reasons.FormerApp, "stop_machine f1");
        Assert.Equal(Former, Assert.IsType<Step.StopMachine>(plan.Steps[0]).App);
    }

    [Fact]
    public void Of_several_as_many_go_as_the_budget_allows_and_the_others_are_stopped()
    {
        var second = new FormerApp("second", AppPresence.Ours, [Machine("s1", MachineStates.Started)], null);

        Leaves(Machine("f1", MachineStates.Started))
            .With((ObservedApp o) => o with { Former = [.. o.Former, second] })
            .With((FleetGuards _) => new FleetGuards(1, null, false))
            .Plan()
            .ShouldBe(Verdict.Act, Reasons.FormerApp, $"delete_former_app {Former}", "stop_machine s1");
    }

    [Theory]
    [InlineData(MachineStates.Stopped, null, Reasons.DestroyBudget)]
    [InlineData(MachineStates.Created, "held", Reasons.ShrinkTripwire)]
    public void Nothing_is_started_while_it_is_there(string state, string? hold, string reason) =>
        Leaves(Machine("f1", MachineStates.Stopped)).State(state).With((FleetGuards _) => Spent with { Hold = hold }).Plan().ShouldBe(Verdict.Blocked, reason);

    [Fact]
    public void Nothing_that_is_stopped_is_updated_while_it_is_there_because_an_update_starts_it() =>
        Leaves().NewImage().State(MachineStates.Stopped).With((FleetGuards _) => Spent).Plan().ShouldBe(Verdict.Blocked, Reasons.DestroyBudget);

    [Fact]
    public void It_is_in_nobodys_way_who_runs_already()
    {
        Leaves(Machine("f1", MachineStates.Stopped)).With((FleetGuards _) => Spent).Plan().ShouldBe(Verdict.Settled, Reasons.Converged);
        Leaves(Machine("f1", MachineStates.Stopped)).With((FleetGuards _) => Spent).NewImage().Plan().ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
    }

    [Theory]
    [InlineData(AppPresence.Missing, 29, true)]
    [InlineData(AppPresence.Missing, 30, false)]
    [InlineData(AppPresence.Foreign, 29, true)]
    [InlineData(AppPresence.Foreign, 30, false)]
    public void One_misleading_answer_does_not_show_that_it_is_gone(AppPresence presence, int seconds, bool waits)
    {
        var plan = Leaves(new FormerApp(Former, presence, [], SnapshotBuilder.Start.AddSeconds(-seconds))).State(MachineStates.Stopped).Plan();

        Assert.Equal(waits ? (Verdict.Wait, Reasons.FormerApp) : (Verdict.Act, Reasons.MachineStopped), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData("app", AppPresence.Ours, 1, "take_ownership")]
    [InlineData("machine", AppPresence.Ours, 3600, "delete_former_app " + Former)]
    [InlineData("app", AppPresence.Foreign, 599, null)]
    [InlineData("app", AppPresence.Foreign, 600, "close_intents")]
    [InlineData("machine", AppPresence.Foreign, 600, "close_intents")]
    [InlineData("app", AppPresence.Missing, 599, null)]
    [InlineData("app", AppPresence.Missing, 600, "release_former_app " + Former)]
    public void What_was_asked_for_there_is_taken_over_or_forgotten_when_it_cannot_land_any_more(string kind, AppPresence presence, int age, string? step)
    {
        var missing = presence == AppPresence.Missing ? SnapshotBuilder.Start.AddHours(-1) : (DateTimeOffset?)null;
        var plan = Leaves(new FormerApp(Former, presence, [], missing, missing)).With((UserApp u) => u with { Intents = [Asked(kind, Former, age)] }).Plan();

        plan.ShouldBe(step is null ? Verdict.Settled : Verdict.Act, step is null ? Reasons.Converged : Reasons.FormerApp, step is null ? [] : [step]);
    }

    [Theory]
    [InlineData(599, false)]
    [InlineData(600, true)]
    public void What_was_asked_for_in_an_app_that_another_row_names_is_forgotten(int age, bool forgotten) =>
        new SnapshotBuilder().With((UserApp u) => u with { Intents = [Asked("app", "anothers", age)] }).Plan()
            .ShouldBe(forgotten ? Verdict.Act : Verdict.Settled, forgotten ? Reasons.FormerApp : Reasons.Converged, forgotten ? ["close_intents"] : []);

    [Fact]
    public void Whoever_is_blocked_for_another_reason_is_rid_of_its_records_too() =>
        Leaves(Gone(3600))
            .With((UserApp u) => u with { Spec = "{" })
            .Plan()
            .ShouldBe(Verdict.Act, Reasons.FormerApp, $"release_former_app {Former}");

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
        var plan = Leaves(Gone(seconds)).Plan();

        plan.ShouldBe(
            released ? Verdict.Act : Verdict.Settled,
            released ? Reasons.FormerApp : Reasons.Converged,
            released ? [$"release_former_app {Former}"] : []);
    }

    private static CreateIntent Asked(string kind, string app, int seconds) =>
        new("launch", kind, app, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };

    private static Machine Machine(string id, string state) => SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, id) with { State = state };

    private static FormerApp Gone(int seconds) =>
        new(Former, AppPresence.Missing, [], SnapshotBuilder.Start.AddSeconds(-seconds), SnapshotBuilder.Start.AddSeconds(-seconds));

    private static SnapshotBuilder Leaves(params Machine[] machines) => Leaves(new FormerApp(Former, AppPresence.Ours, machines, null));

    private static SnapshotBuilder Leaves(FormerApp former) => new SnapshotBuilder()
        .With((UserApp u) => u with { FormerApps = [former.App] })
        .With((ObservedApp o) => o with { Former = [former] });
}
