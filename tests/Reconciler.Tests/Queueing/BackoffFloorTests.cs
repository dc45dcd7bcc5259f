using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class BackoffFloorTests : IDisposable
{
    private readonly QueueDriver _driver = new();

    private WorkQueue<string> Queue => _driver.Queue;

    public void Dispose() => _driver.Dispose();

    private void FailedOnce(int retryAfter)
    {
        _driver.Hint("a");
        _driver.TakeKey();
        _driver.Fail("a", retryAfter);
        Queue.Done("a");
    }

    [Theory]
    [InlineData(AddKind.Hint, false)]
    [InlineData(AddKind.NewGeneration, true)]
    [InlineData(AddKind.Force, true)]
    [InlineData(AddKind.Force | AddKind.Hint, true)]
    public void Only_a_new_generation_or_force_goes_past_the_floor(AddKind kind, bool atOnce)
    {
        FailedOnce(retryAfter: 30);

        Queue.Add("a", Priority.User, kind);

        Assert.Equal(atOnce ? "a" : null, _driver.TakeKey());
    }

    [Theory]
    [InlineData(AddKind.Hint, false)]
    [InlineData(AddKind.NewGeneration, true)]
    [InlineData(AddKind.Force, true)]
    public void What_arrives_while_the_failing_run_is_still_going_obeys_the_same_rule(AddKind kind, bool atOnce)
    {
        foreach (var addedFirst in new[] { true, false })
        {
            using var driver = new QueueDriver();
            driver.Hint("a");
            driver.TakeKey();
            if (addedFirst)
            {
                driver.Queue.Add("a", Priority.User, kind);
            }

            driver.Fail("a", retryAfter: 30);
            if (!addedFirst)
            {
                driver.Queue.Add("a", Priority.User, kind);
            }

            driver.Queue.Done("a");

            Assert.Equal(atOnce ? "a" : null, driver.TakeKey());
        }
    }

    [Fact]
    public void A_storm_of_hints_does_not_move_the_retry_and_the_retry_comes_on_time()
    {
        FailedOnce(retryAfter: 30);

        for (var second = 0; second < 30; second++)
        {
            _driver.Hint("a", Priority.User);
            Assert.Null(_driver.TakeKey());
            _driver.Pass(1);
        }

        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public void A_hint_shortens_a_planned_wait_that_is_not_a_backoff()
    {
        _driver.Hint("a");
        _driver.TakeKey();
        Queue.Requeue("a", TimeSpan.FromMinutes(30));
        Queue.Done("a");

        _driver.Hint("a");

        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public void Success_forgets_the_floor()
    {
        FailedOnce(retryAfter: 30);
        Queue.Add("a", Priority.User, AddKind.Force);
        _driver.TakeKey();
        Queue.Done("a");

        _driver.Hint("a");

        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public void A_delayed_force_is_neither_hurried_by_a_hint_nor_held_by_the_floor()
    {
        FailedOnce(retryAfter: 30);
        Queue.Add("a", Priority.User, AddKind.Force, TimeSpan.FromSeconds(5));
        _driver.Hint("a", Priority.User);

        Assert.Null(_driver.TakeKey());
        _driver.Pass(5);
        Assert.Equal("a", _driver.TakeKey());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_retry_time_from_the_database_holds_whether_it_or_the_first_hint_arrives_first(bool hintFirst)
    {
        if (hintFirst)
        {
            _driver.Hint("a");
        }

        _driver.Fail("a", retryAfter: 60);
        _driver.Hint("a");

        Assert.Null(_driver.TakeKey());
        Assert.Equal(0, Queue.Statistics().ReadyByPriority.Sum());
        _driver.Pass(60);
        Assert.Equal("a", _driver.TakeKey());
    }
}
