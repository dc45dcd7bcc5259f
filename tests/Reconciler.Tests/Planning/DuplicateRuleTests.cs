using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class DuplicateRuleTests
{
    [Fact]
    public void The_elected_machine_stays_and_every_other_is_destroyed() =>
        new SnapshotBuilder().State(MachineStates.Stopped).Other("m0").Other("m2").Plan()
            .ShouldBe(Verdict.Act, Reasons.DuplicateMachine, "destroy_machine m0", "destroy_machine m2");

    [Theory]
    [InlineData(0, "stop_machine m2,stop_machine m3")]
    [InlineData(1, "destroy_machine m2,stop_machine m3")]
    [InlineData(2, "destroy_machine m2,destroy_machine m3")]
    public void With_the_budget_spent_a_duplicate_is_stopped_instead(int left, string steps) =>
        Assert.Equal(steps, string.Join(',', Budget(new SnapshotBuilder().Other("m2").Other("m3"), left).Plan().Lines()));

    [Fact]
    public void While_the_tripwire_holds_a_duplicate_is_stopped_and_nothing_destroyed() =>
        new SnapshotBuilder().Other("m2").With((FleetGuards g) => g with { Hold = "hold" }).Plan()
            .ShouldBe(Verdict.Act, Reasons.DuplicateMachine, "stop_machine m2");

    [Theory]
    [InlineData(MachineStates.Stopped)]
    [InlineData(MachineStates.Suspended)]
    [InlineData(MachineStates.Failed)]
    [InlineData(MachineStates.Created)]
    public void A_duplicate_at_rest_that_may_not_be_destroyed_is_reported_and_not_stopped_again(string state)
    {
        var plan = Budget(new SnapshotBuilder().Other("m2", m => m with { State = state }), 0).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.DestroyBudget);
        Assert.Equal(TimeSpan.FromMinutes(1), plan.RequeueAfter);
    }

    [Fact]
    public void A_duplicate_at_rest_waits_for_the_tripwire_rather_than_the_budget()
    {
        var plan = new SnapshotBuilder()
            .Other("m2", m => m with { State = MachineStates.Stopped })
            .With((FleetGuards g) => g with { Hold = "30 of 100 users lost their tier" })
            .Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.ShrinkTripwire);
        Assert.Equal("30 of 100 users lost their tier", plan.Message);
    }

    [Fact]
    public void A_duplicate_at_rest_does_not_keep_the_elected_machine_from_running() =>
        Budget(new SnapshotBuilder().State(MachineStates.Stopped).Other("m2", m => m with { State = MachineStates.Stopped }), 0).Plan()
            .ShouldBe(Verdict.Act, Reasons.MachineStopped, "start_machine m1");

    [Theory]
    [InlineData(MachineStates.Destroying)]
    [InlineData(MachineStates.Stopping)]
    public void Nothing_is_started_while_another_machine_is_on_its_way_out(string state) =>
        Budget(new SnapshotBuilder().State(MachineStates.Stopped).Other("m2", m => m with { State = state }), 0).Plan()
            .ShouldBe(Verdict.Wait, Reasons.DuplicateMachine);

    [Fact]
    public void A_machine_that_runs_is_settled_while_its_duplicate_is_being_destroyed()
    {
        var plan = new SnapshotBuilder().Other("m2", m => m with { State = MachineStates.Destroying }).Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Equal(TimeSpan.FromSeconds(30), plan.RequeueAfter);
    }

    [Fact]
    public void A_machine_found_without_an_election_is_taken_over() =>
        new SnapshotBuilder().With(None).Plan().ShouldBe(Verdict.Act, Reasons.MachineAdopted, "elect_machine none -> m1");

    public static TheoryData<string, string> Choices => new()
    {
        { "host", "m9" }, { "started", "m9" }, { "region", "m9" }, { "name", "m9" }, { "age", "m9" }, { "id", "m1" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void Without_an_election_the_machine_that_most_likely_works_stays(string advantage, string stays)
    {
        var worse = SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "m1");
        var better = worse with { Id = "m9" };
        worse = advantage switch
        {
            "host" => worse with { HostStatus = "unreachable" },
            "started" => worse with { State = MachineStates.Stopped },
            "region" => worse with { Region = "sjc" },
            "name" => worse with { Name = "brave-fox" },
            "age" => worse with { CreatedAt = worse.CreatedAt!.Value.AddDays(1) },
            _ => worse,
        };

        var plan = new SnapshotBuilder().With(None).With((Machine _) => worse).Other("m9", _ => better).Plan();

        Assert.Equal(Reasons.DuplicateMachine, plan.Reason);
        Assert.Equal($"elect_machine none -> {stays}", plan.Lines()[^1]);
        Assert.Equal($"destroy_machine {(stays == "m1" ? "m9" : "m1")}", plan.Lines()[0]);
    }

    [Fact]
    public void A_machine_that_is_being_destroyed_is_never_elected() =>
        new SnapshotBuilder().With(None).State(MachineStates.Destroying).Plan().ShouldBe(Verdict.Wait, Reasons.DuplicateMachine);

    [Fact]
    public void An_elected_machine_proven_gone_gives_way_to_one_that_exists() =>
        new SnapshotBuilder().Gone().Other("m2").Plan().ShouldBe(Verdict.Act, Reasons.MachineAdopted, "elect_machine m1 -> m2");

    [Fact]
    public void An_elected_machine_that_is_only_unseen_keeps_its_place_and_nothing_runs_beside_it()
    {
        new SnapshotBuilder().Unseen().Other("m2").Plan().ShouldBe(Verdict.Act, Reasons.DuplicateMachine, "stop_machine m2");
        new SnapshotBuilder().Unseen().Other("m2", m => m with { State = MachineStates.Stopped }).Plan()
            .ShouldBe(Verdict.Wait, Reasons.WaitingForMachine);
    }

    [Fact]
    public void Duplicates_go_even_when_the_override_is_invalid() =>
        new SnapshotBuilder().Other("m2").With((UserApp u) => u with { Spec = "{" }).Plan()
            .ShouldBe(Verdict.Act, Reasons.DuplicateMachine, "destroy_machine m2");

    private static UserApp None(UserApp user) => user with { MachineId = null };

    private static SnapshotBuilder Budget(SnapshotBuilder builder, int left) => builder.With((FleetGuards g) => g with { DestroysLeft = left });
}
