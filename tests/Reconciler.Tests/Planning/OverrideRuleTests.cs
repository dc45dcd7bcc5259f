using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class OverrideRuleTests
{
    [Theory]
    [InlineData(MachineStates.Started)]
    [InlineData(MachineStates.Stopped)]
    public void A_wrong_override_leaves_the_machine_as_it_is_and_says_what_to_correct(string state)
    {
        var plan = Wrong().State(state).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.InvalidOverride);
        Assert.Empty(plan.Steps);
        Assert.Contains("correct user_fly_apps.spec", plan.Message, StringComparison.Ordinal);
        Assert.Contains("color", plan.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_override_makes_no_machine() =>
        Wrong().Gone().Plan().ShouldBe(Verdict.Blocked, Reasons.InvalidOverride);

    [Fact]
    public void Two_machines_are_too_many_whatever_the_override_says() =>
        Assert.Contains("destroy_machine m2", Wrong().Other("m2").Plan().Lines());

    [Fact]
    public void A_wrong_override_elects_no_machine() =>
        Wrong().With((UserApp u) => u with { MachineId = null }).Plan().ShouldBe(Verdict.Blocked, Reasons.InvalidOverride);

    [Theory]
    [InlineData(AppPresence.Adoptable)]
    [InlineData(AppPresence.Foreign)]
    public void In_an_app_that_is_not_recorded_as_ours_a_wrong_override_leaves_even_two_machines_alone(AppPresence presence) =>
        Wrong().Other("m2").With((ObservedApp o) => o with { App = presence }).Plan().ShouldBe(Verdict.Blocked, Reasons.InvalidOverride);

    private static SnapshotBuilder Wrong() => new SnapshotBuilder().With((UserApp u) => u with { Spec = """{"color":"red"}""" });
}
