using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class TroubleRuleTests
{
    public static TheoryData<string> Transient =>
    [
        MachineStates.Creating, MachineStates.Starting, MachineStates.Stopping, MachineStates.Restarting, MachineStates.Updating,
        MachineStates.Replacing, MachineStates.Destroying, MachineStates.LaunchFailed, "suspending", "pending", "a-state-of-next-year",
    ];

    [Theory]
    [MemberData(nameof(Transient))]
    public void A_machine_on_its_way_is_waited_for(string state)
    {
        var plan = new SnapshotBuilder().State(state).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.WaitingForMachine);
        Assert.Equal(TimeSpan.FromSeconds(2), plan.RequeueAfter);
        Assert.Equal(new TroubleMemory("transient:" + state, "m1", SnapshotBuilder.Start), plan.Memory.Trouble);
    }

    [Theory]
    [MemberData(nameof(Transient))]
    public void A_machine_on_its_way_for_ten_minutes_is_stuck_and_replaced_unless_it_is_being_destroyed(string state)
    {
        Assert.Equal(Verdict.Wait, Troubled("transient:" + state, 599).State(state).Plan().Verdict);
        var plan = Troubled("transient:" + state, 600).State(state).Plan();

        if (state == MachineStates.Destroying)
        {
            plan.ShouldBe(Verdict.Wait, Reasons.WaitingForMachine);
        }
        else
        {
            Assert.Equal((Verdict.Act, Reasons.MachineStuck), (plan.Verdict, plan.Reason));
            Assert.Contains("destroy_machine m1", plan.Lines());
        }
    }

    [Fact]
    public void A_machine_that_hangs_in_created_is_started_and_after_ten_minutes_replaced()
    {
        Assert.Equal(["start_machine m1"], Troubled("transient:created", 599).State(MachineStates.Created).Plan().Lines());
        Assert.Equal(Reasons.MachineStuck, Troubled("transient:created", 600).State(MachineStates.Created).Plan().Reason);
    }

    [Fact]
    public void The_clock_starts_anew_in_another_state()
    {
        var plan = Troubled("transient:starting", 3600).State(MachineStates.Stopping).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.WaitingForMachine);
        Assert.Equal(SnapshotBuilder.Start, plan.Memory.Trouble!.Since);
    }

    [Fact]
    public void The_clock_starts_anew_for_another_machine() =>
        Assert.Equal(
            Verdict.Wait,
            new SnapshotBuilder()
                .With((AppMemory m) => m with { Trouble = new("transient:starting", "m0", SnapshotBuilder.Start.AddHours(-1)) })
                .State(MachineStates.Starting).Plan().Verdict);

    [Fact]
    public void A_pause_stops_the_clock() =>
        Assert.Null(Troubled("transient:starting", 3600).State(MachineStates.Starting).With((UserApp u) => u with { Paused = true }).Plan().Memory.Trouble);

    [Theory]
    [InlineData("unknown")]
    [InlineData("unreachable")]
    [InlineData("something new")]
    public void A_host_that_does_not_answer_is_given_ten_minutes(string status)
    {
        new SnapshotBuilder().With(Dead(status)).Plan().ShouldBe(Verdict.Wait, Reasons.HostUnreachable);
        Troubled("host", 599).With(Dead(status)).Plan().ShouldBe(Verdict.Wait, Reasons.HostUnreachable);
        Troubled("host", 600).With(Dead(status)).Plan().ShouldBe(
            Verdict.Act,
            Reasons.HostUnreachable,
            "check_capacity sin",
            "destroy_machine m1",
            "confirm_gone m1",
            "unelect_machine m1",
            "create_machine",
            "elect_machine none -> new",
            "start_machine new");
    }

    [Fact]
    public void A_machine_to_be_destroyed_on_a_dead_host_gets_no_successor_however_long_it_takes() =>
        Troubled("host", 30 * 24 * 3600).With(Dead("unreachable")).State(MachineStates.Destroying).Plan()
            .ShouldBe(Verdict.Wait, Reasons.HostUnreachable);

    [Fact]
    public void A_dead_host_proves_nothing_about_a_change_although_its_last_check_passed()
    {
        var pending = new PendingChange("update", "m1", "v1", "v0", SnapshotBuilder.Spec, SnapshotBuilder.Start.AddMinutes(-1));
        var plan = new SnapshotBuilder()
            .With((AppMemory m) => m with { Pending = pending, LastGood = SnapshotBuilder.OldSpec })
            .With(Dead("unreachable"))
            .Plan();

        Assert.Equal((pending, SnapshotBuilder.OldSpec), (plan.Memory.Pending, plan.Memory.LastGood));
    }

    [Fact]
    public void A_dead_host_proves_no_spec_good_although_its_last_check_passed()
    {
        var plan = new SnapshotBuilder()
            .With((AppMemory m) => m with { LastGood = SnapshotBuilder.OldSpec, MustReplace = "its host is full" })
            .With(Dead("unreachable"))
            .Plan();

        Assert.Equal((SnapshotBuilder.OldSpec, "its host is full"), (plan.Memory.LastGood, plan.Memory.MustReplace));
    }

    [Fact]
    public void An_adoptable_app_is_recorded_as_ours_before_its_machine_is_waited_for() =>
        new SnapshotBuilder().State(MachineStates.Starting).With((ObservedApp o) => o with { App = AppPresence.Adoptable }).Plan()
            .ShouldBe(Verdict.Act, Reasons.AppAdopted, "take_ownership");

    [Fact]
    public void A_machine_without_a_config_is_as_unreadable_as_one_on_a_dead_host() =>
        new SnapshotBuilder().With((Machine m) => m with { Config = null }).Plan().ShouldBe(Verdict.Wait, Reasons.HostUnreachable);

    private static Func<Machine, Machine> Dead(string status) => m => m with { HostStatus = status, Config = null, IncompleteConfig = m.Config };

    private static SnapshotBuilder Troubled(string kind, int seconds) => new SnapshotBuilder()
        .With((AppMemory m) => m with { Trouble = new TroubleMemory(kind, "m1", SnapshotBuilder.Start.AddSeconds(-seconds)) });
}
