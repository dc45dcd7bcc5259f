using CsCheck;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reconciling;

public sealed class HeldPlanTests
{
    private static readonly Func<FleetGuards, FleetGuards> Spent = g => g with { DestroysLeft = 0 };
    private static readonly Func<FleetGuards, FleetGuards> Holding = g => g with { Hold = "half of them left" };

    [Fact]
    public void With_room_in_the_budget_and_no_hold_nothing_is_held_back() =>
        Assert.Null(HeldPlan.Behind(Misplaced().Build()));

    [Fact]
    public void What_would_be_done_without_the_guard_is_shown_and_counts_as_approved()
    {
        var held = HeldPlan.Behind(Misplaced().With(Spent).Build())!;

        Assert.Equal(Verdict.Blocked, Misplaced().With(Spent).Plan().Verdict);
        Assert.Equal(Misplaced().Plan().Lines(), held.Plan.Lines());
        Assert.True(held.Snapshot.Guards.Approved);
    }

    [Fact]
    public void A_user_without_a_tier_who_is_kept_by_the_hold_is_held_back() =>
        Assert.Contains(HeldPlan.Behind(Leaving().With(Holding).Build())!.Plan.Steps, s => s is Step.StopMachine);

    [Fact]
    public void A_settled_user_has_nothing_held_back() => Assert.Null(HeldPlan.Behind(new SnapshotBuilder().With(Spent).With(Holding).Build()));

    [Fact]
    public void A_pause_is_no_guard_and_is_not_lifted() =>
        Assert.Null(HeldPlan.Behind(Leaving().With(Holding).With((UserApp u) => u with { Paused = true }).Build()));

    [Fact]
    public void An_app_of_somebody_else_is_not_destroyed_whoever_approves() =>
        Assert.DoesNotContain(
            HeldPlan.Behind(Leaving().With(Holding).With((ObservedApp o) => o with { App = AppPresence.Foreign }).Build())?.Plan.Steps ?? [],
            s => s.IsDestructive || s is Step.StopMachine);

    [Fact]
    public void Time_alone_does_not_change_the_hash_and_another_machine_or_wish_does()
    {
        var hash = Hash(Misplaced());

        Assert.Equal(hash, Hash(Misplaced().Later(TimeSpan.FromMinutes(5))));
        Assert.NotEqual(hash, Hash(Misplaced().With((UserApp u) => u with { Generation = 4 })));
        Assert.NotEqual(hash, Hash(Misplaced().Other("m2")));
        Assert.Matches("^[0-9a-f]{16}$", hash);

        static string Hash(SnapshotBuilder builder) => HeldPlan.Behind(builder.With(Spent).Build())!.Hash;
    }

    [Fact]
    public void Whatever_is_observed_only_what_is_ours_or_shown_to_be_can_be_approved_for_destruction() => SnapshotGen.Any.Sample(
        snapshot =>
        {
            var held = HeldPlan.Behind(snapshot with { Guards = snapshot.Guards with { DestroysLeft = 0, Hold = "hold" } });
            foreach (var step in held?.Plan.Steps.Where(s => s.IsDestructive) ?? [])
            {
                Assert.True(step is Step.DeleteFormerApp former
                    ? snapshot.Observed.Former.Single(f => f.App == former.App).Presence == AppPresence.Ours
                    : snapshot.Observed.App is AppPresence.Ours or AppPresence.Adoptable);
            }
        },
        iter: 5_000);

    private static SnapshotBuilder Misplaced() => new SnapshotBuilder().With((Machine m) => m with { Region = "sjc" });

    private static SnapshotBuilder Leaving() => new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" });
}
