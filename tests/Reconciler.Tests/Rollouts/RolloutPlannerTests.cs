using Cronos;
using Reconciler.Model;
using Reconciler.Rollouts;

namespace Reconciler.Tests.Rollouts;

public sealed class RolloutPlannerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(12);

    [Fact]
    public void A_fleets_first_revision_is_simply_the_stable_one()
    {
        var world = new RolloutWorld(10);

        world.Turn();

        Assert.Equal((RolloutPhase.Idle, world.Wish.Id, null), (world.State!.Phase, world.Stable!.Id, world.Candidate?.Id));
        Assert.All(world.Users, u => Assert.Null(u.Mark));
    }

    [Fact]
    public void A_good_revision_reaches_everybody_once_canary_first_and_never_more_down_than_allowed()
    {
        var world = Settled(100);
        world.Wish = RolloutWorld.Make("b");

        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.Null(world.Candidate);
        Assert.All(world.Users, u => Assert.Equal([world.Wish.Id], u.Touched));
        Assert.Equal(["first", "started", "wave", "wave", "wave", "wave", "done"], world.History);
        Assert.InRange(world.MostDown, 1, 5);
        Assert.Equal("good", world.Known(world.Wish.Id)!.Verdict);
    }

    [Theory]
    [InlineData(Fate.Crashes)]
    [InlineData(Fate.NeverStarts)]
    [InlineData(Fate.RolledBackSilently)]
    public void A_bad_revision_touches_the_canary_alone(object fate)
    {
        var world = Settled(100);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (_, revision) => revision == old ? Fate.Good : (Fate)fate;

        world.Run(Long);

        Assert.Equal(old, world.Stable!.Id);
        Assert.Null(world.Candidate);
        Assert.Single(world.Users, u => u.Touched.Contains(world.Wish.Id));
        Assert.All(world.Users, u => Assert.True(u.IsUp && u.Runs == old && u.Mark is null));
        Assert.Equal("bad", world.Known(world.Wish.Id)!.Verdict);
        world.Turn();
        Assert.Contains("is bad", world.State!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_revision_is_not_tried_again_until_somebody_says_so()
    {
        var world = Settled(10);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (_, revision) => revision == old ? Fate.Good : Fate.Crashes;
        world.Run(Long);
        var touched = world.Users.Sum(u => u.Touched.Count);

        world.Run(Long, step: TimeSpan.FromMinutes(1));
        Assert.Equal(touched, world.Users.Sum(u => u.Touched.Count));

        world.FateOf = (_, _) => Fate.Good;
        world.Ask("retry");
        world.Run(Long);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.Contains("tried again", world.Answers.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_failure_in_a_canary_of_three_is_enough()
    {
        var world = Settled(30);
        var old = world.Stable!.Id;
        Guid? unlucky = null;
        world.Settings = world.Settings with { Strategy = new Strategy { CanaryCount = 3, MaxUnavailable = 1 } };
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (id, revision) => revision != old && world.Users.Count(u => u.Mark is not null) == 2 && (unlucky ??= id) == id ? Fate.Crashes : Fate.Good;

        world.Run(Long);

        Assert.Equal((old, "bad"), (world.Stable!.Id, world.Known(world.Wish.Id)!.Verdict));
        Assert.InRange(world.Users.Count(u => u.Touched.Contains(world.Wish.Id)), 2, 3);
    }

    [Fact]
    public void One_failure_in_a_later_wave_is_tolerated_and_two_are_not()
    {
        var unlucky = new HashSet<Guid>();
        var world = Settled(100);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (id, revision) => revision != old && world[id].Mark!.Wave == 3 && (unlucky.Count < 1 ? unlucky.Add(id) : unlucky.Contains(id)) ? Fate.Crashes : Fate.Good;
        world.Run(Long);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);

        var third = RolloutWorld.Make("c");
        unlucky.Clear();
        world.FateOf = (id, revision) => revision == third.Id && world[id].Mark!.Wave == 2 && (unlucky.Count < 2 ? unlucky.Add(id) : unlucky.Contains(id)) ? Fate.Crashes : Fate.Good;
        var good = world.Stable!.Id;
        world.Wish = third;
        world.Run(Long);
        Assert.Equal(good, world.Stable!.Id);
        Assert.All(world.Users, u => Assert.True(u.IsUp));
    }

    [Fact]
    public void Whoever_is_down_already_costs_nothing_and_is_repaired_forward_but_not_in_the_canary()
    {
        var world = Settled(20);
        foreach (var user in world.Users.Take(8))
        {
            user.IsUp = false;
        }

        world.Settings = world.Settings with { Strategy = new Strategy { MaxUnavailable = 1, Waves = [0.5, 1] } };
        world.Wish = RolloutWorld.Make("b");
        world.Turn();
        Assert.True(world.Users.Single(u => u.Mark is not null).Mark is { WasDown: false });

        world.Run(TimeSpan.FromMinutes(6));
        var marked = world.Users.Where(u => u.Mark is { Wave: 1 }).ToList();
        Assert.True(marked.Count(u => u.Mark!.WasDown) == 8, string.Join(", ", marked.Select(u => u.Mark!.Why)));
        Assert.Equal(1, world.MostDown);
    }

    [Fact]
    public void Capacity_that_is_gone_pauses_and_condemns_nobody()
    {
        var world = Settled(40);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        var isFull = false;
        world.FateOf = (_, _) => isFull ? Fate.NoCapacity : Fate.Good;
        world.Run(TimeSpan.FromMinutes(7));
        isFull = true;
        world.Run(TimeSpan.FromHours(1));
        var touched = world.Users.Count(u => u.Mark is not null);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(touched, world.Users.Count(u => u.Mark is not null));
        Assert.Equal((old, RolloutPhase.Rolling), (world.Stable!.Id, world.State!.Phase));
        Assert.Contains("Capacity", world.State.Why, StringComparison.Ordinal);

        isFull = false;
        foreach (var user in world.Users)
        {
            user.CapacityComesBack(world.Now);
        }

        world.Run(Long);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
    }

    [Fact]
    public void Trouble_with_image_or_key_keeps_anything_from_beginning_and_pauses_what_has_begun()
    {
        var world = Settled(40);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.Problem = "the registry is away";
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(RolloutPhase.Idle, world.State!.Phase);
        Assert.Contains("the registry is away", world.State.Why, StringComparison.Ordinal);

        world.Problem = null;
        world.Run(TimeSpan.FromMinutes(7));
        world.Problem = "the registry is away";
        world.Run(TimeSpan.FromHours(1));
        var (moved, stable) = (world.Users.Count(u => u.Mark is not null), world.Stable!.Id);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal((moved, old), (world.Users.Count(u => u.Mark is not null), stable));

        world.Problem = null;
        world.Run(Long);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.All(world.Users, u => Assert.Single(u.Touched));
    }

    [Fact]
    public void A_third_revision_takes_the_place_of_the_second_and_touches_nobody_twice_needlessly()
    {
        var world = Settled(40);
        var second = RolloutWorld.Make("b");
        world.Wish = second;
        world.Run(TimeSpan.FromMinutes(7));
        var moved = world.Users.Count(u => u.Touched.Contains(second.Id));
        Assert.InRange(moved, 2, 20);

        world.Wish = RolloutWorld.Make("c");
        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.Equal(moved, world.Users.Count(u => u.Touched.Contains(second.Id)));
        Assert.All(world.Users, u => Assert.Equal(1, u.Touched.Count(t => t == world.Wish.Id)));
    }

    [Fact]
    public void Whose_machine_was_lost_on_the_way_to_the_second_revision_gets_the_third()
    {
        var world = Settled(5);
        world.FateOf = (_, revision) => revision == RolloutWorld.Make("b").Id ? Fate.NeverStarts : Fate.Good;
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromSeconds(10));
        var canary = Assert.Single(world.Users, u => u.Mark is not null);
        canary.MachineId = null; // stuck, and taken away to be made anew; but the image is gone by now

        world.Wish = RolloutWorld.Make("c");
        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.All(world.Users, u => Assert.Equal(world.Wish.Id, u.Runs));
    }

    [Fact]
    public void Asking_for_the_stable_revision_again_brings_back_whoever_was_moved_and_condemns_nothing()
    {
        var world = Settled(40);
        var old = world.Wish;
        var second = RolloutWorld.Make("b");
        world.Wish = second;
        world.Run(TimeSpan.FromMinutes(7));

        world.Wish = old;
        world.Run(TimeSpan.FromSeconds(2));
        while (world.State!.IsUnderWay)
        {
            world.Run(TimeSpan.FromSeconds(2));
        }

        Assert.All(world.Users, u => Assert.Null(u.Mark));
        Assert.Equal("unknown", world.Known(second.Id)!.Verdict);
        Assert.InRange(world.MostDown, 1, 2);
    }

    [Fact]
    public void A_pause_stops_moves_until_it_is_resumed_or_its_time_is_over()
    {
        var world = Settled(40);
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromMinutes(7));
        world.Ask("pause", world.Now.AddHours(3));
        world.Run(TimeSpan.FromHours(1));
        var moved = world.Users.Count(u => u.Mark is not null);
        Assert.Equal("paused by ann: because", world.State!.Why);
        world.Run(TimeSpan.FromHours(1));
        Assert.Equal(moved, world.Users.Count(u => u.Mark is not null));

        world.Run(Long);
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.Contains("pause_ended", world.History);
    }

    [Fact]
    public void Promoting_waives_waves_and_soaks_and_nothing_else()
    {
        var world = Settled(40);
        world.Settings = world.Settings with { Strategy = new Strategy { Soak = TimeSpan.FromDays(7), MaxUnavailable = 2 } };
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal(RolloutPhase.Soaking, world.State!.Phase);

        world.Ask("promote");
        world.Run(TimeSpan.FromHours(2));

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.Equal(2, world.MostDown);
    }

    [Fact]
    public void Aborting_brings_everybody_back_and_keeps_the_revision_out()
    {
        var world = Settled(40);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromMinutes(7));
        world.Ask("abort");
        world.Run(Long);

        Assert.Equal((old, "bad"), (world.Stable!.Id, world.Known(world.Wish.Id)!.Verdict));
        Assert.All(world.Users.Where(u => u.Runs is not null), u => Assert.Equal(old, u.Runs));
    }

    [Fact]
    public void A_revert_that_fails_calls_for_help_and_does_not_loop()
    {
        var world = Settled(40);
        world.Wish = RolloutWorld.Make("b");
        var old = world.Stable!.Id;
        world.FateOf = (_, _) => Fate.NeverStarts;
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal(RolloutPhase.RevertFailed, world.State!.Phase);
        var touched = world.Users.Sum(u => u.Touched.Count);
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal((touched, RolloutPhase.RevertFailed), (world.Users.Sum(u => u.Touched.Count), world.State.Phase));
        Assert.Equal(1, world.History.Count(h => h == "revert_failed"));

        foreach (var user in world.Users)
        {
            user.Mend(old, world.Now);
        }

        world.Ask("retry");
        world.Run(Long);
        Assert.Equal((RolloutPhase.Idle, old), (world.State.Phase, world.Stable!.Id));
        Assert.All(world.Users, u => Assert.Null(u.Mark));
    }

    [Fact]
    public void Whoever_comes_back_after_all_lets_the_way_back_go_on_without_an_operator()
    {
        var world = Settled(40);
        world.Wish = RolloutWorld.Make("b");
        var old = world.Stable!.Id;
        world.FateOf = (_, _) => Fate.NeverStarts;
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal(RolloutPhase.RevertFailed, world.State!.Phase);
        var failed = world.Users.Where(u => u.Mark is { Verdict: "failed" } m && m.Revision == old).ToList();
        Assert.NotEmpty(failed);

        // Not before each of them has.
        failed.Skip(1).ToList().ForEach(u => u.Mend(old, world.Now));
        world.Run(TimeSpan.FromMinutes(10));
        Assert.True(failed.Count == 1 || world.State.Phase == RolloutPhase.RevertFailed);

        world.Users.ToList().ForEach(u => u.Mend(old, world.Now));
        world.Run(Long);
        Assert.Equal((RolloutPhase.Idle, old), (world.State.Phase, world.Stable!.Id));
        Assert.All(world.Users, u => Assert.Null(u.Mark));
    }

    [Fact]
    public void Where_there_is_no_way_back_an_operator_may_bring_everybody_forward()
    {
        var world = Settled(10);
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (_, _) => Fate.NeverStarts;
        world.Run(TimeSpan.FromHours(2));
        Assert.Equal(RolloutPhase.RevertFailed, world.State!.Phase);

        world.FateOf = (_, _) => Fate.Good;
        world.Ask("promote");
        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.All(world.Users, u => Assert.True(u.IsUp && u.Runs == world.Wish.Id));
    }

    [Fact]
    public void A_way_back_that_does_not_end_calls_for_help()
    {
        var world = Settled(10);
        var old = world.Stable!.Id;
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (_, revision) => revision == old ? Fate.NoCapacity : Fate.NeverStarts;

        world.Run(TimeSpan.FromHours(3));

        Assert.Equal(RolloutPhase.RevertFailed, world.State!.Phase);
        Assert.Contains("does not end", world.State.Why, StringComparison.Ordinal);

        // And goes on by itself when nobody is in its way any more: come back, or gone.
        var late = world.Users.Where(u => u.Mark is { Verdict: "pending" }).ToList();
        late[0].Entitled = late.Count == 1;
        late.ForEach(u => u.CapacityComesBack(world.Now));
        world.FateOf = (_, _) => Fate.Good;
        world.Run(Long);

        Assert.Equal((RolloutPhase.Idle, old), (world.State.Phase, world.Stable!.Id));
        Assert.All(world.Users, u => Assert.Null(u.Mark));
    }

    [Fact]
    public void Going_back_to_secrets_that_nobody_has_any_more_says_so()
    {
        var world = Settled(10);
        world.Wish = RolloutWorld.Make("a", secrets: "s2");
        world.StableSecretsKnown = false;
        world.FateOf = (_, _) => Fate.Crashes;

        world.Run(TimeSpan.FromHours(1));

        Assert.Equal(RolloutPhase.RevertFailed, world.State!.Phase);
        Assert.Contains("_PREVIOUS", world.State.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Whoever_signs_up_starts_on_the_stable_revision_unless_its_secrets_are_gone()
    {
        var known = NewUser(secretsKnown: true);
        var unknown = NewUser(secretsKnown: false);

        Assert.Null(known);
        Assert.Equal(RolloutWorld.Make("a", secrets: "s2").Id, unknown!.Revision);

        static Store.RolloutMark? NewUser(bool secretsKnown)
        {
            var world = Settled(10);
            world.Wish = RolloutWorld.Make("a", secrets: "s2");
            world.StableSecretsKnown = secretsKnown;
            world.Run(TimeSpan.FromSeconds(4));
            var id = new Guid(99, 0, 0, new byte[8]);
            world.Add(id);
            (world[id].MachineId, world[id].Status, world[id].IsUp) = (null, "provisioning", false);
            world.Turn();
            return world[id].Mark;
        }
    }

    [Fact]
    public void Paused_users_and_those_with_an_image_of_their_own_are_not_moved()
    {
        var world = Settled(10);
        var users = world.Users.ToList();
        users[0].Paused = true;
        users[1].OwnImage = true;
        world.Wish = RolloutWorld.Make("b");

        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.All(users.Take(2), u => Assert.Empty(u.Touched));
        Assert.All(users.Skip(2), u => Assert.Single(u.Touched));
    }

    [Fact]
    public void An_own_image_does_not_keep_a_user_out_of_what_is_not_about_images()
    {
        var world = Settled(4);
        world.Users.First().OwnImage = true;
        world.Wish = RolloutWorld.Make("a", region: "nrt");

        world.Run(Long);

        Assert.All(world.Users, u => Assert.Single(u.Touched));
    }

    [Fact]
    public void Named_users_are_the_canary_by_id_or_by_app()
    {
        var world = Settled(50);
        var named = world.Users.Skip(20).Take(2).ToList();
        world.Settings = world.Settings with
        {
            Strategy = new Strategy { CanaryCount = 2, MaxUnavailable = 2, CanaryUsers = [named[1].Row().AppName, named[0].Id.ToString()] },
        };
        world.Wish = RolloutWorld.Make("b");

        world.Turn();

        Assert.Equal(named.Select(u => u.Id).Order(), world.Users.Where(u => u.Mark is not null).Select(u => u.Id).Order());
    }

    [Fact]
    public void The_canary_is_the_same_in_every_process_and_another_for_another_revision()
    {
        var canaries = new[] { "b", "b", "c", "d", "e" }.Select(image =>
        {
            var world = Settled(200);
            world.Wish = RolloutWorld.Make(image);
            world.Turn();
            return world.Users.Single(u => u.Mark is not null).Id;
        }).ToList();

        Assert.Equal(canaries[0], canaries[1]);
        Assert.True(canaries.Skip(1).Distinct().Count() > 1);
    }

    [Fact]
    public void A_wave_begins_in_a_window_and_ends_whenever_it_does()
    {
        var world = Settled(40);
        world.Settings = world.Settings with { Strategy = new Strategy { Windows = [CronExpression.Parse("* 10-11 * * *")] } };
        world.Wish = RolloutWorld.Make("b");
        world.Run(TimeSpan.FromMinutes(50));
        Assert.Equal("waits for the next window", world.State!.Why);
        Assert.All(world.Users, u => Assert.Null(u.Mark));

        world.Run(Long, step: TimeSpan.FromSeconds(20));
        Assert.Equal(world.Wish.Id, world.Stable!.Id);
        Assert.InRange(world.Now.Hour, 10, 12);
    }

    [Fact]
    public void A_user_who_leaves_in_the_middle_is_forgotten()
    {
        var world = Settled(10);
        world.Wish = RolloutWorld.Make("b");
        world.FateOf = (_, _) => Fate.NeverStarts;
        world.Turn();
        world.Users.Single(u => u.Mark is not null).Entitled = false;
        world.FateOf = (_, _) => Fate.Good;

        world.Run(Long);

        Assert.Equal(world.Wish.Id, world.Stable!.Id);
    }

    [Fact]
    public void Each_kind_of_change_may_have_its_own_strategy()
    {
        var settings = new RolloutSettings { Secrets = new Strategy { CanaryCount = 7 }, Image = new Strategy { CanaryCount = 3 } };

        Assert.Equal(7, settings.For(Changes.Between(RolloutWorld.Make("a"), RolloutWorld.Make("a", "s2"))).CanaryCount);
        Assert.Equal(3, settings.For(Changes.Between(RolloutWorld.Make("a"), RolloutWorld.Make("b"))).CanaryCount);
        Assert.Equal(1, settings.For(Changes.Between(RolloutWorld.Make("a"), RolloutWorld.Make("a", region: "nrt"))).CanaryCount);
        Assert.Equal(1, settings.For(Changes.Between(RolloutWorld.Make("a"), RolloutWorld.Make("b", "s2"))).CanaryCount);
    }

    internal static RolloutWorld Settled(int users)
    {
        var world = new RolloutWorld(users);
        world.Turn();
        foreach (var user in world.Users)
        {
            user.Runs = world.Stable!.Id;
        }

        return world;
    }
}
