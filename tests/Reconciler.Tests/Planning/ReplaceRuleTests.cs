using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class ReplaceRuleTests
{
    [Fact]
    public void A_machine_in_the_wrong_region_is_replaced_in_this_order_and_no_other()
    {
        var plan = Misplaced().Plan();

        plan.ShouldBe(
            Verdict.Act,
            Reasons.WrongRegion,
            "check_capacity sin",
            "destroy_machine m1",
            "confirm_gone m1",
            "unelect_machine m1",
            "create_machine",
            "elect_machine none -> new",
            "start_machine new");
        Assert.Equal(new Drift("region", "sjc", "sin"), plan.Drifts[0]);
    }

    [Fact]
    public void Without_budget_a_replacement_waits_and_the_machine_goes_on()
    {
        var plan = Misplaced().With((FleetGuards g) => g with { DestroysLeft = 0 }).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.DestroyBudget);
        Assert.Equal(TimeSpan.FromMinutes(1), plan.RequeueAfter);
    }

    [Fact]
    public void While_the_tripwire_holds_nothing_is_replaced()
    {
        var plan = Misplaced().With((FleetGuards g) => g with { Hold = "30 of 100 users lost their tier" }).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.ShrinkTripwire);
        Assert.Equal("30 of 100 users lost their tier", plan.Message);
    }

    [Fact]
    public void Nothing_is_destroyed_when_its_successor_could_not_be_made_for_want_of_an_image() =>
        Misplaced().With((FleetPolicy p) => p with { Image = new(null, null, null, "no such tag") }).Plan()
            .ShouldBe(Verdict.Blocked, Reasons.ImageUnresolved);

    [Fact]
    public void Nothing_is_destroyed_when_its_successor_could_not_be_made_for_want_of_a_good_key() =>
        Misplaced()
            .With((FleetPolicy p) => p with { Secrets = p.Secrets with { Problem = "the key is refused" } })
            .With((AppMemory m) => m with { Secrets = null })
            .Plan()
            .ShouldBe(Verdict.Blocked, Reasons.ServiceKeyInvalid);

    [Fact]
    public void Drift_on_a_full_host_is_repaired_by_a_replacement()
    {
        var plan = new SnapshotBuilder().NewImage().With((AppMemory m) => m with { MustReplace = "its host is full" }).Plan();

        Assert.Equal((Verdict.Act, Reasons.ConfigDrift), (plan.Verdict, plan.Reason));
        Assert.Contains("destroy_machine m1", plan.Lines());
        Assert.DoesNotContain("update_machine m1", plan.Lines());
    }

    [Fact]
    public void An_override_moves_a_machine_as_the_policy_would()
    {
        var plan = new SnapshotBuilder().With((UserApp u) => u with { Spec = """{"region":"fra"}""" }).Plan();

        Assert.Equal("check that fra has room for 2 CPU/512 MB", plan.Steps[0].Describe());
    }

    [Fact]
    public void The_last_of_the_budget_is_enough_for_a_replacement() =>
        Assert.Contains("destroy_machine m1", Misplaced().With((FleetGuards g) => g with { DestroysLeft = 1 }).Plan().Lines());

    [Fact]
    public void A_machine_on_a_full_host_that_runs_as_wished_is_not_replaced_for_being_ill() =>
        new SnapshotBuilder()
            .With((AppMemory m) => m with { MustReplace = "its host is full" })
            .With((Machine m) => m with { Checks = [new("health", "critical", null, null)] })
            .Plan()
            .ShouldBe(Verdict.Wait, Reasons.Unhealthy);

    private static SnapshotBuilder Misplaced() => new SnapshotBuilder().With((Machine m) => m with { Region = "sjc" });
}
