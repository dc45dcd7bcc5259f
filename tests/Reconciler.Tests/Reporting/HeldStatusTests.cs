using Reconciler.Model;
using Reconciler.Reporting;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

public sealed class HeldStatusTests
{
    private const string Hold = "30 of 100 users lost their tier";

    [Fact]
    public void The_row_keeps_what_it_knew_and_says_that_it_is_held()
    {
        var snapshot = Leaving().Build();

        var held = HeldStatus.Build(snapshot, Hold);

        var user = snapshot.User;
        Assert.Equal(
            (user.Status, user.HealthStatus, user.Region, user.ControllerState, user.DeletedAt, user.RetryCount),
            (held.Status, held.HealthStatus, held.Region, held.ControllerState, held.DeletedAt, held.RetryCount));
        Assert.Equal((0, Hold, user.Generation, null), (held.Fingerprint, held.ErrorMessage, held.ObservedGeneration, held.NextAttemptAt));
        Assert.Equal((ConditionStatus.False, Reasons.ShrinkTripwire), (held.Condition(ConditionTypes.Ready).Status, held.Condition(ConditionTypes.Ready).Reason));
        Assert.Equal(ConditionStatus.True, held.Condition(ConditionTypes.Degraded).Status);
        Assert.Equal("deprovision_failed", Assert.Single(held.Events).Type);
    }

    [Fact]
    public void A_hold_that_lasts_changes_nothing_more()
    {
        var snapshot = Leaving().Build();
        var first = HeldStatus.Build(snapshot, Hold);

        var second = HeldStatus.Build(snapshot with { User = first.Read(snapshot.User), Now = snapshot.Now.AddMinutes(1) }, Hold);

        Assert.Empty(second.Events);
        Assert.Equal(first.Conditions, second.Conditions);
    }

    [Fact]
    public void Only_an_owned_user_without_a_tier_is_held_without_a_look()
    {
        Assert.Equal(Hold, Held(b => b));
        Assert.Null(Held(b => b.With((UserApp u) => u with { Tier = "pro" })));
        Assert.Null(Held(b => b.With((UserApp u) => u with { Ownership = null })));
        Assert.Null(Held(b => b.With((UserApp u) => u with { Ownership = u.Ownership! with { ReleasedAt = u.Ownership.AcquiredAt } })));
        Assert.Null(Held(b => b.With((UserApp u) => u with { Paused = true })));
        Assert.Null(Held(b => b.With((FleetGuards g) => g with { Forced = true })));
        Assert.Null(Held(b => b.With((FleetGuards g) => g with { Hold = null })));

        static string? Held(Func<SnapshotBuilder, SnapshotBuilder> change) => HeldStatus.Hold(change(Leaving()).Build());
    }

    private static SnapshotBuilder Leaving() => new SnapshotBuilder()
        .With((UserApp u) => u with { Tier = "free" })
        .With((FleetGuards g) => g with { Hold = Hold });
}
