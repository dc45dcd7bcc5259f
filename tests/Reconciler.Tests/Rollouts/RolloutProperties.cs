using CsCheck;
using Reconciler.Rollouts;

namespace Reconciler.Tests.Rollouts;

/// <summary>Whatever happens in whatever fleet: bounded, monotone, and it ends.</summary>
public sealed class RolloutProperties
{
    private sealed record Plan(int Users, int Canary, int Most, int Bad, int BadEvery, int Supersede, int PauseAt);

    private static readonly Gen<Plan> Plans =
        from users in Gen.Int[1, 60]
        from canary in Gen.Int[0, 3]
        from most in Gen.Int[1, 6]
        from bad in Gen.Int[0, 3]
        from badEvery in Gen.Int[1, 9]
        from supersede in Gen.Int[0, 400]
        from pauseAt in Gen.Int[0, 400]
        select new Plan(users, canary, most, bad, badEvery, supersede, pauseAt);

    [Fact]
    public void Never_more_users_are_down_than_allowed_and_it_ends() => Plans.Sample(
        plan =>
        {
            var world = Begin(plan);
            world.FateOf = (id, revision) => IsBad(plan, world, id, revision) ? (Fate)plan.Bad : Fate.Good;
            Live(plan, world);

            Assert.InRange(world.MostDown, 0, plan.Most);
            Assert.Equal(RolloutPhase.Idle, world.State!.Phase);
            Assert.All(world.Users, u => Assert.Null(u.Mark));
        },
        iter: 50);

    [Fact]
    public void A_revision_that_nobody_survives_touches_the_canary_and_what_moves_beside_it_at_most() => Plans.Sample(
        plan =>
        {
            var world = Begin(plan);
            var good = world.Stable!.Id;
            world.FateOf = (_, revision) => revision == good ? Fate.Good : Fate.Crashes;
            Live(plan with { Supersede = 0 }, world);

            var touched = world.Users.Count(u => u.Touched.Any(t => t != good));
            Assert.InRange(touched, 1, Math.Max(plan.Canary, 1) + plan.Most);
            Assert.Equal(good, world.Stable!.Id);
        },
        iter: 50);

    [Fact]
    public void Without_failures_nobody_is_moved_to_one_revision_twice() => Plans.Sample(
        plan =>
        {
            var world = Begin(plan);
            world.Run(TimeSpan.FromHours(20), TimeSpan.FromSeconds(3));
            Assert.All(world.Users, u => Assert.Equal(u.Touched.Distinct().Count(), u.Touched.Count));
            Assert.Equal(world.Wish.Id, world.Stable!.Id);
        },
        iter: 50);

    [Fact]
    public void A_turn_that_is_taken_again_from_the_same_state_decides_the_same() => Plans.Sample(
        plan =>
        {
            var (one, two) = (Begin(plan), Begin(plan));
            for (var i = 0; i < 60; i++)
            {
                var (a, b) = (one.Turn(), two.Turn());
                Assert.Equal(a.Moved, b.Moved);
                Assert.Equal(a.State, b.State);
                foreach (var world in (RolloutWorld[])[one, two])
                {
                    world.Now += TimeSpan.FromSeconds(5);
                    foreach (var user in world.Users)
                    {
                        user.Pass(world.Now);
                    }
                }
            }
        },
        iter: 50);

    private static bool IsBad(Plan plan, RolloutWorld world, Guid id, string revision) =>
        plan.Bad is 1 or 2 or 3 && revision != RolloutWorld.Make("a").Id && id.ToByteArray()[0] % plan.BadEvery == 0 && revision == RolloutWorld.Make("b").Id
        && world.Users.Count() > 1;

    private static RolloutWorld Begin(Plan plan)
    {
        var world = new RolloutWorld(plan.Users)
        {
            Settings = new RolloutSettings
            {
                Strategy = new Strategy { CanaryCount = plan.Canary, MaxUnavailable = plan.Most, Soak = TimeSpan.FromSeconds(20), FailureThreshold = 0 },
            },
        };
        world.Turn();
        foreach (var user in world.Users)
        {
            user.Runs = world.Stable!.Id;
        }

        world.Wish = RolloutWorld.Make("b");
        return world;
    }

    private static void Live(Plan plan, RolloutWorld world)
    {
        world.Run(TimeSpan.FromSeconds(plan.PauseAt), TimeSpan.FromSeconds(3));
        world.Ask("pause", world.Now.AddMinutes(4));
        world.Run(TimeSpan.FromSeconds(plan.Supersede), TimeSpan.FromSeconds(3));
        if (plan.Supersede > 0)
        {
            world.Wish = RolloutWorld.Make("c");
        }

        world.Run(TimeSpan.FromHours(30), TimeSpan.FromSeconds(3));
    }
}
