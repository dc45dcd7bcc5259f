using Reconciler.Model;
using Reconciler.Rollouts;
using Reconciler.Tests.Planning;

namespace Reconciler.Tests.Rollouts;

/// <summary>Users who come up by themselves while a rollout is on its way to them.</summary>
public sealed class ComingUpTests
{
    [Fact]
    public void Whoever_was_down_and_comes_up_before_its_move_gets_to_it_is_counted_before_anybody_else_is_moved()
    {
        var world = RolloutPlannerTests.Settled(4);
        var late = world.Users.First();
        late.IsUp = false;
        world.FateOf = (id, _) => id == late.Id ? Fate.NoCapacity : Fate.Good;
        world.Settings = world.Settings with { Strategy = new Strategy { CanaryCount = 0, MaxUnavailable = 1, Waves = [0.25, 1] } };
        world.Wish = RolloutWorld.Make("b");
        world.Turn();
        Assert.Same(late, Assert.Single(world.Users, u => u.Mark is { WasDown: true }));

        late.IsUp = true;
        world.Turn();
        Assert.True(late.Mark is { WasDown: false, Verdict: "pending" });

        world.Ask("promote");
        world.Run(TimeSpan.FromMinutes(2));
        Assert.Same(late, Assert.Single(world.Users, u => u.Mark is not null));

        late.CapacityComesBack(world.Now);
        EndsWellWithOneDownAtMost(world);
    }

    [Fact]
    public void Whoever_was_down_and_comes_up_while_as_many_as_allowed_are_down_goes_back_in_line()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.Good);
        var other = world.Users.Single(u => u.Mark is { WasDown: false });
        Assert.True(late.Mark is { WasDown: true });

        late.IsUp = true;
        world.Turn();
        Assert.True(other.Mark is { Verdict: "pending" });
        Assert.Null(late.Mark);

        world.FateOf = (_, _) => Fate.Good;
        EndsWellWithOneDownAtMost(world);
    }

    [Fact]
    public void Whoever_came_up_between_the_look_and_its_move_is_counted_although_its_machine_is_being_changed()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.NeverStarts);

        late.IsUp = true;
        late.Memory = late.Memory with { Pending = new PendingChange("update", "m", "v2", "v1", SnapshotBuilder.Spec, world.Now) };
        world.Turn();

        Assert.True(late.Mark is { Verdict: "pending", WasDown: false }); // and it does not go back in line: it is on its way
    }

    [Fact]
    public void Whoever_came_up_on_its_way_is_not_moved_on_to_another_revision_while_as_many_as_allowed_are_down()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.NeverStarts);
        var other = world.Users.Single(u => u.Mark is { WasDown: false });

        var between = ComesUpUnproven(world, late);
        world.Wish = RolloutWorld.Make("c");
        world.Turn();
        Assert.False(other.IsUp);
        Assert.Equal(between, late.Mark!.Revision);

        other.Mend(world.Wish.Id, world.Now);
        world.FateOf = (_, _) => Fate.Good;
        EndsWellWithOneDownAtMost(world);
    }

    [Fact]
    public void Whoever_came_up_on_its_way_and_never_left_the_stable_revision_goes_back_in_line_when_another_takes_its_place()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.NeverStarts);
        var other = world.Users.Single(u => u.Mark is { WasDown: false });
        var stable = world.Stable!.Id;

        // Counted while its machine was being changed, and so is the other, whom Fly has put back by itself.
        ComesUpUnproven(world, late);
        (late.Runs, other.IsUp, other.Runs) = (stable, true, stable);
        world.FateOf = (_, _) => Fate.Good;

        world.Wish = RolloutWorld.Make("c");
        world.Turn();

        Assert.Single(new[] { late, other }, u => u.Mark?.Revision == world.Wish.Id);
        Assert.Single(new[] { late, other }, u => u.Mark is null);
        EndsWellWithOneDownAtMost(world);
    }

    [Fact]
    public void Whoever_came_up_on_its_way_waits_with_those_who_got_there_until_they_are_told_to_be_good()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.NeverStarts);
        var other = world.Users.Single(u => u.Mark is { WasDown: false });

        var between = ComesUpUnproven(world, late);
        foreach (var user in new[] { late, other })
        {
            user.Mend(between, world.Now);
        }

        // Both work and run what they were moved to; neither has proven it for long enough.
        world.Wish = RolloutWorld.Make("c");
        world.Turn();
        Assert.Equal((between, between), (late.Mark!.Revision, other.Mark!.Revision));

        world.FateOf = (_, _) => Fate.Good;
        EndsWellWithOneDownAtMost(world);
    }

    [Fact]
    public void Whoever_came_up_on_its_way_is_not_taken_back_while_as_many_as_allowed_are_down()
    {
        var (world, late) = OneDownAndOneOnItsWay(Fate.NeverStarts);
        var other = world.Users.Single(u => u.Mark is { WasDown: false });
        var stable = world.Stable!.Id;

        var between = ComesUpUnproven(world, late);
        world.FateOf = (_, _) => Fate.Good;
        world.Ask("abort");
        world.Turn();
        Assert.Equal((stable, between), (other.Mark!.Revision, late.Mark!.Revision));

        world.Run(TimeSpan.FromHours(12));
        Assert.Equal((1, RolloutPhase.Idle), (world.MostDown, world.State!.Phase));
        Assert.All(world.Users, u => Assert.True(u is { IsUp: true, Mark: null }));
    }

    [Fact]
    public void Whoever_came_up_on_its_way_is_not_moved_on_beside_one_that_is_down_although_another_of_them_works()
    {
        var (world, late) = DownAndOneOnItsWay(2, Fate.NeverStarts);
        late.ForEach(u => (u.IsUp, u.Runs) = (true, null));
        world.Turn();
        Assert.All(world.Users, u => Assert.True(u.Mark is { WasDown: false, Verdict: "pending" })); // three, and two are allowed

        world.Wish = RolloutWorld.Make("c");
        world.Turn();

        Assert.All(late, u => Assert.NotEqual(world.Wish.Id, u.Mark!.Revision));
    }

    [Fact]
    public void Whoever_was_told_to_be_good_and_fell_by_itself_costs_nobody_anything_when_moved_on()
    {
        var world = RolloutPlannerTests.Settled(2);
        world.Settings = world.Settings with { Strategy = new Strategy { CanaryCount = 0, MaxUnavailable = 1, Waves = [0.5, 1] } };
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromMinutes(2));
        var good = Assert.Single(world.Users, u => u.Mark is { Verdict: "good", WasDown: false });

        good.IsUp = false;
        world.Wish = RolloutWorld.Make("c");
        world.Turn();

        Assert.True(good.Mark is { WasDown: true } mark && mark.Revision == world.Wish.Id);
    }

    /// <summary>Not proven to run the stable revision, so it cannot go back in line: it is counted on its way.</summary>
    /// <returns>The revision that it is on its way to.</returns>
    private static string ComesUpUnproven(RolloutWorld world, User late)
    {
        (late.IsUp, late.Runs) = (true, null);
        world.Turn();
        Assert.True(late.Mark is { WasDown: false });
        return late.Mark!.Revision;
    }

    private static (RolloutWorld World, User Late) OneDownAndOneOnItsWay(Fate fateOfTheOthers)
    {
        var (world, late) = DownAndOneOnItsWay(1, fateOfTheOthers);
        return (world, late[0]);
    }

    /// <summary>Of three users so many were down when they were moved, and wait for room at Fly; one that worked is on its way. As many
    /// may be.</summary>
    private static (RolloutWorld World, List<User> Late) DownAndOneOnItsWay(int down, Fate fateOfTheOthers)
    {
        var world = RolloutPlannerTests.Settled(3);
        var late = world.Users.Take(down).ToList();
        late.ForEach(u => u.IsUp = false);
        world.FateOf = (id, _) => late.Exists(u => u.Id == id) ? Fate.NoCapacity : fateOfTheOthers;
        world.Settings = world.Settings with { Strategy = new Strategy { CanaryCount = 0, MaxUnavailable = down, Waves = [1] } };
        world.Wish = RolloutWorld.Make("b");
        world.Turn();
        return (world, late);
    }

    private static void EndsWellWithOneDownAtMost(RolloutWorld world)
    {
        world.Run(TimeSpan.FromHours(12));
        Assert.Equal(1, world.MostDown);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
    }
}
