using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class DeprovisionRuleTests
{
    [Theory]
    [InlineData(MachineStates.Started, "stop_machine m1")]
    [InlineData(MachineStates.Starting, "stop_machine m1")]
    [InlineData(MachineStates.Updating, "stop_machine m1")]
    [InlineData("a-state-of-next-year", "stop_machine m1")]
    [InlineData(MachineStates.Stopped, "")]
    [InlineData(MachineStates.Failed, "")]
    [InlineData(MachineStates.Created, "")]
    [InlineData(MachineStates.Destroying, "")]
    public void Without_a_tier_the_machine_is_stopped_at_once(string state, string steps)
    {
        var plan = Leaving().State(state).Plan();

        Assert.Equal(steps, string.Join(',', plan.Lines()));
        Assert.Equal(steps.Length == 0 ? Verdict.Settled : Verdict.Act, plan.Verdict);
    }

    [Fact]
    public void Every_machine_of_the_app_is_stopped_the_elected_and_the_others() =>
        Assert.Equal(["stop_machine m1", "stop_machine m2"], Leaving().Other("m2").Plan().Lines());

    [Fact]
    public void A_machine_that_is_stopping_is_waited_for() =>
        Leaving().State(MachineStates.Stopping).Plan().ShouldBe(Verdict.Wait, Reasons.Deprovisioning);

    [Theory]
    [InlineData(0, 2)]
    [InlineData(600, 2)]
    [InlineData(601, 60)]
    public void A_machine_that_hangs_in_stopping_is_looked_at_less_often(int seconds, int after) =>
        Assert.Equal(
            TimeSpan.FromSeconds(after),
            Leaving(TimeSpan.FromSeconds(seconds)).State(MachineStates.Stopping).Other("m2", m => m with { State = MachineStates.Stopped }).Plan()
                .RequeueAfter);

    [Theory]
    [InlineData(0)]
    [InlineData(599)]
    public void An_app_is_not_called_gone_while_something_that_was_asked_for_may_still_land(int seconds)
    {
        var plan = Nothing(Intent(3600), Intent(seconds)).Plan();

        plan.ShouldBe(Verdict.Wait, Reasons.OutcomeUnknown);
        Assert.Equal(TimeSpan.FromSeconds(600 - seconds), plan.RequeueAfter);
    }

    [Theory]
    [InlineData(false, Verdict.Settled)]
    [InlineData(true, Verdict.Act)]
    public void What_was_asked_for_under_a_name_that_is_somebody_elses_now_is_forgotten(bool asked, Verdict verdict)
    {
        CreateIntent[] intents = asked ? [Intent(3600)] : [];
        var plan = Nothing(intents).With((ObservedApp o) => o with { App = AppPresence.Foreign }).Plan();

        plan.ShouldBe(verdict, Reasons.Deprovisioned, asked ? ["release_app"] : []);
    }

    [Fact]
    public void A_stopped_app_is_kept_until_the_grace_is_over()
    {
        var plan = Leaving(since: TimeSpan.FromHours(71)).State(MachineStates.Stopped).Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.StoppedInGrace);
        Assert.Equal(TimeSpan.FromHours(1), plan.RequeueAfter);
    }

    [Fact]
    public void After_the_grace_the_app_is_deleted() =>
        Leaving(since: TimeSpan.FromHours(72)).State(MachineStates.Stopped).Plan().ShouldBe(Verdict.Act, Reasons.Deprovisioning, "delete_app");

    [Fact]
    public void A_row_that_is_deleted_already_has_no_grace() =>
        Leaving().With((UserApp u) => u with { DeletedAt = SnapshotBuilder.Start.UtcDateTime }).Plan()
            .ShouldBe(Verdict.Act, Reasons.Deprovisioning, "delete_app");

    [Theory]
    [InlineData(72, 0.1, 0.5)] // hours since the tier went: the grace is over, and the app went because we asked
    [InlineData(71, 9.9, 10)] // nobody has asked for it to go
    public void A_deleted_app_is_released_once_it_is_gone(int hours, double doubtedFor, double believedAfter)
    {
        var gone = Leaving(TimeSpan.FromHours(hours)).Unseen().With((ObservedApp o) => o with { App = AppPresence.Missing });

        gone.Plan().ShouldBe(Verdict.Wait, Reasons.AppNameTaken);
        gone = gone.With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-doubtedFor) });
        gone.Plan().ShouldBe(Verdict.Wait, Reasons.AppNameTaken);
        gone = gone.With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-believedAfter) });
        gone.Plan().ShouldBe(Verdict.Act, Reasons.Deprovisioned, "release_app");
        gone.With((UserApp u) => u with { Ownership = u.Ownership! with { ReleasedAt = SnapshotBuilder.Start.UtcDateTime } }).Plan()
            .ShouldBe(Verdict.Act, Reasons.Deprovisioned, "release_app"); // for the machine that the row still names
        gone.With((UserApp u) => u with { MachineId = null }).Plan().ShouldBe(Verdict.Settled, Reasons.Deprovisioned);
    }

    [Fact]
    public void An_app_that_is_not_ours_is_left_alone()
    {
        var foreign = Leaving(since: TimeSpan.FromHours(99)).With((ObservedApp o) => o with { App = AppPresence.Foreign });

        foreign.Plan().ShouldBe(Verdict.Wait, Reasons.AppNameTaken);
        foreign = foreign.With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-9) });
        foreign.Plan().ShouldBe(Verdict.Wait, Reasons.AppNameTaken);
        foreign = foreign.With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-10) });
        foreign.Plan().ShouldBe(Verdict.Act, Reasons.Deprovisioned, "release_app");
        foreign.With((UserApp u) => u with { Ownership = null }).Plan().ShouldBe(Verdict.Act, Reasons.Deprovisioned, "release_app"); // the same
        foreign.With((UserApp u) => u with { MachineId = null }).Plan().ShouldBe(Verdict.Settled, Reasons.Deprovisioned);
    }

    [Theory]
    [InlineData(true, false, false, Verdict.Settled)]
    [InlineData(false, false, false, Verdict.Wait)]
    [InlineData(true, true, false, Verdict.Wait)]
    [InlineData(true, false, true, Verdict.Wait)]
    public void What_was_given_up_is_not_doubted_again(bool buried, bool owned, bool asked, Verdict verdict)
    {
        CreateIntent[] intents = asked ? [Intent(3600)] : [];
        var plan = Nothing(intents)
            .With((ObservedApp o) => o with { App = AppPresence.Foreign })
            .With((AppMemory m) => m with { AwaySince = null })
            .With((UserApp u) => u with
            {
                DeletedAt = buried ? SnapshotBuilder.Start.AddHours(-1).UtcDateTime : null,
                Ownership = owned ? new Ownership(SnapshotBuilder.App, u.UserId, OwnershipOrigin.Created, default, null) : null,
            })
            .Plan();

        Assert.Equal(verdict, plan.Verdict);
    }

    [Fact]
    public void An_adoptable_app_is_recorded_as_ours_before_anything_is_taken_away() =>
        Assert.Equal(
            ["take_ownership", "stop_machine m1"],
            Leaving().With((ObservedApp o) => o with { App = AppPresence.Adoptable }).Plan().Lines());

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void While_the_tripwire_holds_nothing_is_stopped_or_deleted(int hours) =>
        Leaving(since: TimeSpan.FromHours(hours)).With((FleetGuards g) => g with { Hold = "hold" }).Plan()
            .ShouldBe(Verdict.Blocked, Reasons.ShrinkTripwire);

    [Fact]
    public void Without_budget_the_deletion_waits() =>
        Leaving(since: TimeSpan.FromHours(99)).With((FleetGuards g) => g with { DestroysLeft = 0 }).Plan()
            .ShouldBe(Verdict.Blocked, Reasons.DestroyBudget);

    [Fact]
    public void The_last_of_the_budget_is_enough_for_a_deletion() =>
        Leaving(since: TimeSpan.FromHours(99)).With((FleetGuards g) => g with { DestroysLeft = 1 }).Plan()
            .ShouldBe(Verdict.Act, Reasons.Deprovisioning, "delete_app");

    [Fact]
    public void An_adoptable_app_is_recorded_as_ours_even_while_the_tripwire_holds() =>
        Leaving().With((ObservedApp o) => o with { App = AppPresence.Adoptable }).With((FleetGuards g) => g with { Hold = "hold" }).Plan()
            .ShouldBe(Verdict.Act, Reasons.Deprovisioning, "take_ownership");

    [Fact]
    public void A_tier_that_comes_back_within_the_grace_starts_the_machine_again_and_forgets_the_grace()
    {
        var plan = Leaving(since: TimeSpan.FromHours(50)).With((UserApp u) => u with { Tier = "pro" }).State(MachineStates.Stopped).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.MachineStopped, "start_machine m1");
        Assert.Null(plan.Memory.DeprovisionSince);
    }

    [Fact]
    public void The_grace_counts_from_the_first_look_without_a_tier()
    {
        var first = new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" }).Plan();
        var second = Leaving(since: TimeSpan.FromHours(5)).Plan();

        Assert.Equal(SnapshotBuilder.Start, first.Memory.DeprovisionSince);
        Assert.Equal(SnapshotBuilder.Start.AddHours(-5), second.Memory.DeprovisionSince);
    }

    [Theory]
    [InlineData("pro")]
    [InlineData("free")]
    public void A_paused_user_is_left_as_he_is(string tier)
    {
        var plan = Leaving(since: TimeSpan.FromHours(99))
            .With((UserApp u) => u with { Tier = tier, Paused = true, PauseReason = "support is looking" })
            .Other("m2")
            .Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.Paused);
        Assert.Equal("paused: support is looking", plan.Message);
    }

    /// <summary>No tier, no app that we know of, and creates that were never answered.</summary>
    private static SnapshotBuilder Nothing(params CreateIntent[] intents) => Leaving()
        .Unseen()
        .With((UserApp u) => u with { MachineId = null, Ownership = null, Intents = intents })
        .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-1) })
        .With((ObservedApp o) => o with { App = AppPresence.Missing });

    private static CreateIntent Intent(int seconds) => new(
        "launch-" + seconds, "machine", SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };

    private static SnapshotBuilder Leaving(TimeSpan since = default) => new SnapshotBuilder()
        .With((UserApp u) => u with { Tier = "free" })
        .With((AppMemory m) => m with { DeprovisionSince = SnapshotBuilder.Start - since });
}
