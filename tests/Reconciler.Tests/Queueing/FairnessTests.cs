using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class FairnessTests
{
    private static readonly WorkQueueOptions NoReservedShare = new() { ReservedEvery = int.MaxValue };
    private static readonly WorkQueueOptions NoAgeing = new() { AgeingStep = TimeSpan.FromDays(1000) };

    [Theory]
    [InlineData(59, Priority.Resync)]
    [InlineData(60, Priority.Rollout)]
    [InlineData(119, Priority.Rollout)]
    [InlineData(120, Priority.Incident)]
    [InlineData(179, Priority.Incident)]
    [InlineData(180, Priority.User)]
    [InlineData(100_000, Priority.User)]
    public void A_ready_key_moves_up_one_class_for_each_minute_it_waits(int seconds, Priority lane)
    {
        using var driver = new QueueDriver();
        driver.Hint("old");
        driver.Pass(seconds);

        var old = Assert.Single(driver.Queue.Snapshot());

        Assert.Equal((lane, Priority.Resync), (old.Lane, old.Priority));
    }

    [Fact]
    public void Time_spent_delayed_does_not_age()
    {
        using var driver = new QueueDriver(NoReservedShare);
        driver.Hint("delayed", delay: 600);
        driver.Pass(600);
        driver.Hint("fresh", Priority.Rollout);

        Assert.Equal(["fresh", "delayed"], driver.TakeAll());
    }

    [Fact]
    public void An_aged_key_keeps_its_own_class_when_it_is_requeued()
    {
        using var driver = new QueueDriver();
        driver.Hint("old");
        driver.Pass(200);

        Assert.Equal(Priority.Resync, driver.TryTake()?.Priority);
    }

    [Fact]
    public void Every_eighth_hand_out_goes_to_the_lowest_class()
    {
        using var driver = new QueueDriver(NoAgeing);
        for (var i = 0; i < 32; i++)
        {
            driver.Hint($"user {i}", Priority.User);
        }

        driver.Hint("resync 1");
        driver.Hint("resync 2");
        driver.Hint("rollout", Priority.Rollout);

        var order = driver.TakeAll();

        Assert.Equal(["resync 1", "resync 2", "rollout"], [order[7], order[15], order[23]]);
    }

    [Fact]
    public void Under_an_endless_flood_of_user_changes_an_old_resync_is_served_within_the_bound_by_ageing_alone()
    {
        using var driver = new QueueDriver(NoReservedShare);
        var ahead = Enumerable.Range(0, 10).Select(i => $"resync {i}").ToList();
        ahead.ForEach(key => driver.Hint(key));
        driver.Hint("last");

        var handOutsAfterAgeing = 0;
        for (var second = 0; ; second++)
        {
            driver.Hint($"flood {second} a", Priority.User);
            driver.Hint($"flood {second} b", Priority.User);
            var key = driver.TakeKey()!;
            driver.Queue.Done(key);
            handOutsAfterAgeing += second >= 180 ? 1 : 0;
            if (key == "last")
            {
                break;
            }

            Assert.True(handOutsAfterAgeing <= 8 * Math.Ceiling((ahead.Count + 1) / 3.0), "starved");
            driver.Pass(1);
        }

        Assert.True(handOutsAfterAgeing > 0, "The flood had no effect, so the test shows nothing.");
    }

    [Fact]
    public void A_fleet_that_has_aged_to_the_top_does_not_bury_the_next_users_change()
    {
        using var driver = new QueueDriver();
        for (var i = 0; i < 10_000; i++)
        {
            driver.Hint($"resync {i}");
        }

        driver.Pass(300);
        driver.Hint("user", Priority.User);

        var handOuts = 1;
        while (driver.TakeKey() != "user")
        {
            handOuts++;
        }

        Assert.InRange(handOuts, 1, 8);
    }
}
