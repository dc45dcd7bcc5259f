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

    public static TheoryData<int?, string, Verdict, double> Looks => new()
    {
        { null, "m1", Verdict.Wait, 10 }, // the first
        { 10, "m1", Verdict.Wait, 10 },
        { 29, "m1", Verdict.Wait, 1 },
        { 30, "m1", Verdict.Act, 0 },
        { 3600, "m2", Verdict.Wait, 10 }, // another machine's absence
    };

    [Theory]
    [MemberData(nameof(Looks))]
    public void A_machine_that_is_not_found_is_gone_when_looks_agree_for_as_long_as_lag_lasts(int? seconds, string machine, Verdict verdict, double again)
    {
        var plan = new SnapshotBuilder().NotFound(seconds, machine).Plan();

        Assert.Equal((verdict, TimeSpan.FromSeconds(again)), (plan.Verdict, plan.RequeueAfter));
        Assert.Equal(verdict == Verdict.Act ? Reasons.MachineMissing : Reasons.WaitingForMachine, plan.Reason);
    }

    [Fact]
    public void The_first_look_that_does_not_find_it_is_remembered_and_one_that_does_ends_it()
    {
        Assert.Equal(new TroubleMemory("missing", "m1", SnapshotBuilder.Start), new SnapshotBuilder().NotFound().Plan().Memory.Trouble);
        Assert.Equal(SnapshotBuilder.Start.AddSeconds(-10), new SnapshotBuilder().NotFound(10).Plan().Memory.Trouble!.Since);
        Assert.Equal(SnapshotBuilder.Start, new SnapshotBuilder().NotFound(-60).Plan().Memory.Trouble!.Since); // our clock went back
        Assert.Null(new SnapshotBuilder().With((AppMemory m) => m with { Trouble = new("missing", "m1", SnapshotBuilder.Start) }).Plan().Memory.Trouble);
    }

    [Theory]
    [InlineData(10, "stop_machine m2")]
    [InlineData(30, "elect_machine m1 -> m2")]
    public void Another_machine_takes_its_place_only_when_looks_agree(int seconds, string step) =>
        Assert.Equal(step, Assert.Single(new SnapshotBuilder().NotFound(seconds).Other("m2").Plan().Lines()));

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
