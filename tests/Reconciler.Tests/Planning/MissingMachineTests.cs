using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class MissingMachineTests
{
    [Fact]
    public void A_user_without_an_elected_machine_gets_one()
    {
        var plan = new SnapshotBuilder().Unseen().With((UserApp u) => u with { MachineId = null }).Plan();

        plan.ShouldBe(
            Verdict.Act, Reasons.MachineMissing, "create_machine", "elect_machine none -> new", "start_machine new");
        Assert.Equal("no machine exists", plan.Message);
    }

    [Fact]
    public void A_machine_proven_gone_is_un_elected_before_its_successor_is_made() =>
        new SnapshotBuilder().Gone().Plan().ShouldBe(
            Verdict.Act,
            Reasons.MachineMissing,
            "unelect_machine m1",
            "create_machine",
            "elect_machine none -> new",
            "start_machine new");

    [Fact]
    public void A_machine_proven_gone_is_named() => Assert.Equal("machine m1 is gone", new SnapshotBuilder().Gone().Plan().Message);

    [Fact]
    public void A_machine_neither_listed_nor_proven_gone_is_waited_for() =>
        new SnapshotBuilder().Unseen().Plan().ShouldBe(Verdict.Wait, Reasons.WaitingForMachine);

    [Theory]
    [InlineData(0, Verdict.Wait, Reasons.OutcomeUnknown)]
    [InlineData(4, Verdict.Wait, Reasons.OutcomeUnknown)]
    [InlineData(5, Verdict.Act, Reasons.MachineMissing)]
    [InlineData(3600, Verdict.Act, Reasons.MachineMissing)]
    public void A_create_whose_outcome_is_unknown_is_looked_for_before_another_is_sent(int seconds, Verdict verdict, string reason)
    {
        var plan = WithIntent("machine", seconds).Plan();

        Assert.Equal((verdict, reason), (plan.Verdict, plan.Reason));
    }

    [Fact]
    public void The_newest_intent_decides()
    {
        var builder = WithIntent("machine", 3600).With((UserApp u) => u with { Intents = [.. u.Intents, Intent("machine", 1)] });

        Assert.Equal(Reasons.OutcomeUnknown, builder.Plan().Reason);
    }

    [Fact]
    public void An_intent_for_the_app_does_not_hold_back_its_machine() =>
        Assert.Equal(Reasons.MachineMissing, WithIntent("app", 0).Plan().Reason);

    [Fact]
    public void Creates_whose_outcome_is_known_are_forgotten_once_all_is_as_wished() =>
        new SnapshotBuilder().With((UserApp u) => u with { Intents = [Intent("machine", 1)] }).Plan()
            .ShouldBe(Verdict.Act, Reasons.Converged, "close_intents");

    private static SnapshotBuilder WithIntent(string kind, int seconds) => new SnapshotBuilder()
        .Unseen()
        .With((UserApp u) => u with { MachineId = null, Intents = [Intent(kind, seconds)] });

    private static CreateIntent Intent(string kind, int seconds) => new(
        "launch-" + seconds, kind, SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };
}
