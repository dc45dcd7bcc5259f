using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class WorkQueueTests : IDisposable
{
    private readonly QueueDriver _driver = new();

    private WorkQueue<string> Queue => _driver.Queue;

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void Adding_a_waiting_key_again_makes_no_second_item()
    {
        _driver.Hint("a");
        _driver.Hint("a");

        Assert.Equal(["a"], _driver.TakeAll());
    }

    [Fact]
    public void A_key_in_a_workers_hands_is_not_handed_out_again_before_Done()
    {
        _driver.Hint("a");
        Assert.Equal("a", _driver.TakeKey());

        _driver.Hint("a");
        Assert.Null(_driver.TakeKey());

        Queue.Done("a");
        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public void Any_number_of_changes_while_a_key_is_worked_on_become_one_more_run_with_the_best_class_and_all_kinds()
    {
        _driver.Hint("a");
        _driver.TakeKey();

        _driver.Hint("a", Priority.Incident);
        Queue.Add("a", Priority.User, AddKind.NewGeneration);
        Queue.Add("a", Priority.Rollout, AddKind.Force);
        Queue.Done("a");

        var item = _driver.TryTake();
        Assert.NotNull(item);
        Assert.Equal((Priority.User, AddKind.Hint | AddKind.NewGeneration | AddKind.Force), (item.Priority, item.Kinds));
        Assert.True(item.IsForced && item.IsNewGeneration);
        Queue.Done("a");
        Assert.Null(_driver.TakeKey());
    }

    [Fact]
    public void Classes_are_served_in_order_and_each_first_in_first_out()
    {
        _driver.Hint("resync");
        _driver.Hint("rollout", Priority.Rollout);
        _driver.Hint("user 1", Priority.User);
        _driver.Hint("incident", Priority.Incident);
        _driver.Hint("user 2", Priority.User);

        Assert.Equal(["user 1", "user 2", "incident", "rollout", "resync"], _driver.TakeAll());
    }

    [Fact]
    public void A_raised_key_goes_to_the_end_of_its_new_class_and_a_lower_add_moves_nothing()
    {
        _driver.Hint("a");
        _driver.Hint("b", Priority.User);
        _driver.Hint("c", Priority.User);
        _driver.Hint("a", Priority.User);
        _driver.Hint("b");

        Assert.Equal(["b", "c", "a"], _driver.TakeAll());
    }

    [Fact]
    public void An_add_now_and_a_delayed_add_are_one_item()
    {
        _driver.Hint("a", delay: 30);
        _driver.Hint("a");
        Assert.Equal(["a"], _driver.TakeAll());

        _driver.Pass(31);
        Assert.Null(_driver.TakeKey());
    }

    [Fact]
    public void The_earlier_of_two_delays_counts()
    {
        _driver.Hint("a", delay: 30);
        _driver.Hint("a", delay: 10);
        _driver.Hint("a", delay: 60);

        _driver.Pass(9);
        Assert.Null(_driver.TakeKey());
        _driver.Pass(1);
        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public void A_key_that_becomes_due_stands_behind_those_that_were_ready_before()
    {
        _driver.Hint("late", delay: 5);
        _driver.Pass(2);
        _driver.Hint("early");
        _driver.Pass(3);

        Assert.Equal(["early", "late"], _driver.TakeAll());
    }

    [Fact]
    public void Delayed_keys_are_not_counted_in_the_depth()
    {
        _driver.Hint("now");
        _driver.Hint("later", Priority.User, delay: 10);

        var before = Queue.Statistics();
        _driver.Pass(10);
        var after = Queue.Statistics();

        Assert.Equal([0, 0, 0, 1, 1], [.. before.ReadyByPriority, before.Delayed]);
        Assert.Equal([1, 0, 0, 1, 0], [.. after.ReadyByPriority, after.Delayed]);
    }

    [Fact]
    public void A_due_key_of_a_high_class_is_not_sorted_behind_ready_ones_of_a_low_class()
    {
        _driver.Hint("urgent", Priority.User, delay: 5);
        _driver.Hint("dull 1");
        _driver.Hint("dull 2");
        _driver.Pass(5);

        Assert.Equal(["urgent", "dull 1", "dull 2"], _driver.TakeAll());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_requeue_keeps_the_class(bool failed)
    {
        _driver.Hint("a", Priority.Incident);
        _driver.TakeKey();
        Queue.Requeue("a", TimeSpan.FromSeconds(1), floor: failed);
        Queue.Done("a");
        _driver.Pass(1);

        Assert.Equal(Priority.Incident, _driver.TryTake()?.Priority);
    }

    [Fact]
    public void A_requeue_may_lower_the_class_when_the_work_that_earned_it_is_done()
    {
        _driver.Hint("a", Priority.User);
        _driver.TakeKey();
        Queue.Requeue("a", TimeSpan.FromMinutes(30), Priority.Resync);
        Queue.Done("a");
        _driver.Pass(1800);

        Assert.Equal(Priority.Resync, _driver.TryTake()?.Priority);
    }

    [Fact]
    public void A_failed_forced_run_can_stay_forced_without_going_past_its_own_floor()
    {
        Queue.Add("a", Priority.User, AddKind.Force);
        var item = _driver.TryTake()!;
        Queue.Requeue("a", TimeSpan.FromSeconds(10), floor: true, carry: item.Kinds);
        Queue.Done("a");

        Assert.Null(_driver.TakeKey());
        _driver.Pass(10);
        Assert.True(_driver.TryTake()?.IsForced);
    }

    [Fact]
    public void Done_for_a_key_that_nobody_has_is_an_error()
    {
        _driver.Hint("a");

        Assert.Throws<InvalidOperationException>(() => Queue.Done("a"));
        Assert.Throws<InvalidOperationException>(() => Queue.Done("unknown"));
    }

    [Fact]
    public void An_item_tells_since_when_it_was_wanted_and_how_long_no_worker_was_free()
    {
        var added = _driver.Time.GetUtcNow();
        _driver.Hint("a", delay: 10);
        _driver.Pass(25);

        var item = _driver.TryTake()!;

        Assert.Equal((added, TimeSpan.FromSeconds(15)), (item.EnqueuedAt, item.Waited));
    }

    [Fact]
    public void Statistics_tell_how_long_workers_and_ready_keys_have_been_at_it()
    {
        _driver.Hint("a");
        _driver.Hint("b");
        _driver.TakeKey();
        _driver.Pass(3);
        _driver.TakeKey();
        _driver.Hint("c");
        _driver.Pass(4);

        var statistics = Queue.Statistics();

        Assert.Equal(2, statistics.Processing);
        Assert.Equal(TimeSpan.FromSeconds(7), statistics.LongestRunning);
        Assert.Equal(TimeSpan.FromSeconds(11), statistics.UnfinishedWork);
        Assert.Equal(TimeSpan.FromSeconds(4), statistics.OldestReady);
        Assert.Equal((3, 0, 2), (statistics.Adds, statistics.Retries, statistics.HandedOut));
    }

    [Fact]
    public void A_key_in_a_worker_s_hands_for_over_five_minutes_is_stuck_until_it_comes_back()
    {
        _driver.Hint("a");
        _driver.Hint("b");
        _driver.TakeKey();
        _driver.Pass((int)QueueStatistics.StuckAfter.TotalSeconds);
        _driver.TakeKey();
        Assert.Equal(0, Queue.Statistics().Stuck);

        _driver.Pass(1);
        Assert.Equal(1, Queue.Statistics().Stuck);

        Queue.Done("a");
        Assert.Equal(0, Queue.Statistics().Stuck);
    }

    [Fact]
    public void A_snapshot_lists_running_then_ready_then_delayed_keys_with_their_floors()
    {
        var start = _driver.Time.GetUtcNow();
        _driver.Hint("running");
        _driver.TakeKey();
        _driver.Hint("failed", Priority.User);
        _driver.TakeKey();
        _driver.Fail("failed", retryAfter: 30);
        Queue.Done("failed");
        _driver.Hint("planned", delay: 20);
        _driver.Hint("ready", Priority.Rollout);
        _driver.Hint("failed", Priority.User);

        Assert.Equal(
            [
                new("running", QueuedState.Processing, Priority.Resync, Priority.Resync, null, null),
                new("ready", QueuedState.Ready, Priority.Rollout, Priority.Rollout, start, null),
                new("planned", QueuedState.Delayed, Priority.Resync, Priority.Resync, start.AddSeconds(20), null),
                new("failed", QueuedState.Delayed, Priority.User, Priority.User, start.AddSeconds(30), start.AddSeconds(30)),
            ],
            Queue.Snapshot());
    }

    [Fact]
    public void A_delay_without_end_is_neither_due_nor_an_overflow()
    {
        Queue.Add("never", Priority.User, AddKind.Hint, TimeSpan.MaxValue);
        _driver.Time.Advance(TimeSpan.FromDays(400));

        Assert.Null(_driver.TakeKey());
        Assert.Equal(DateTimeOffset.MaxValue, Assert.Single(Queue.Snapshot()).ReadyAt);
    }
}
