using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class LookaheadTests
{
    [Fact]
    public void Who_only_looks_sees_what_becomes_of_a_machine_that_is_taken_over()
    {
        var snapshot = Unelected().With((Machine m) => m with { Region = "sjc" }).Build();
        var plan = Planner.Plan(snapshot);
        Assert.Equal(["elect_machine none -> m1"], plan.Lines());

        var whole = Lookahead.Whole(snapshot, plan);

        Assert.Equal("elect_machine none -> m1", whole.Lines()[0]);
        Assert.Contains("destroy_machine m1", whole.Lines());
        Assert.Contains(new Drift("region", "sjc", "sin"), whole.Drifts);
        Assert.Contains("is taken over; then: ", whole.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_that_is_as_wished_is_only_taken_over()
    {
        var snapshot = Unelected().Build();
        var plan = Planner.Plan(snapshot);

        Assert.Same(plan, Lookahead.Whole(snapshot, plan));
    }

    [Fact]
    public void A_plan_that_changes_something_is_shown_as_it_is()
    {
        var snapshot = new SnapshotBuilder().NewImage().Build();
        var plan = Planner.Plan(snapshot);

        Assert.Same(plan, Lookahead.Whole(snapshot, plan));
    }

    [Fact]
    public void A_plan_that_takes_one_machine_over_and_another_away_is_shown_as_it_is()
    {
        var snapshot = Unelected().With((Machine m) => m with { Region = "sjc" }).Other("m2", m => m with { Region = "sjc" }).Build();
        var plan = Planner.Plan(snapshot);
        Assert.Contains("destroy_machine m2", plan.Lines());

        Assert.Same(plan, Lookahead.Whole(snapshot, plan));
    }

    private static SnapshotBuilder Unelected() => new SnapshotBuilder().With((UserApp u) => u with { MachineId = null });
}
