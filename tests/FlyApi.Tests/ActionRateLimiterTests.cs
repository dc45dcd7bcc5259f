using FlyApi.Limits;
using Microsoft.Extensions.Time.Testing;

namespace FlyApi.Tests;

public sealed class ActionRateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_burst_passes_and_then_one_a_second_in_the_order_of_asking()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        var order = new List<int>();
        var calls = Enumerable.Range(0, 6).Select(async i =>
        {
            await limiter.WaitAsync("start", "m", RateLimit.Usual, default);
            order.Add(i);
        }).ToArray();
        Assert.Equal([0, 1, 2], order);

        foreach (var expected in new[] { 3, 4, 5 })
        {
            _time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.DoesNotContain(expected, order);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await calls[expected];
        }

        Assert.Equal([0, 1, 2, 3, 4, 5], order);
    }

    [Fact]
    public async Task Other_machines_and_other_actions_have_their_own_bucket()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        await Drain(limiter, "start", "m1", 3);

        Assert.True(limiter.WaitAsync("start", "m2", RateLimit.Usual, default).AsTask().IsCompleted);
        Assert.True(limiter.WaitAsync("stop", "m1", RateLimit.Usual, default).AsTask().IsCompleted);
        Assert.False(limiter.WaitAsync("start", "m1", RateLimit.Usual, default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task A_cancelled_caller_gives_its_turn_back()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        await Drain(limiter, "start", "m", 3);
        using var stop = new CancellationTokenSource();
        var cancelled = limiter.WaitAsync("start", "m", RateLimit.Usual, stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

        var next = limiter.WaitAsync("start", "m", RateLimit.Usual, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), await next);
    }

    [Fact]
    public async Task A_429_empties_the_bucket()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        limiter.Drain("start", "m", RateLimit.Usual);

        var next = limiter.WaitAsync("start", "m", RateLimit.Usual, default).AsTask();

        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), await next);
    }

    [Fact]
    public async Task The_scale_multiplies_the_rate()
    {
        var limiter = new ActionRateLimiter(_time, 10);
        await Drain(limiter, "start", "m", 3);

        var next = limiter.WaitAsync("start", "m", RateLimit.Usual, default).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(TimeSpan.FromMilliseconds(100), await next);
    }

    [Fact]
    public async Task App_deletions_stay_within_a_hundred_in_every_minute()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        var passed = 0;
        for (var i = 0; i < 600; i++)
        {
            _ = Count(limiter.WaitAsync("apps.delete", "", RateLimit.AppDelete, default).AsTask());
        }

        // Slots are fixed when they are reserved, so moving the clock in one go lets exactly a minute's worth through.
        _time.Advance(TimeSpan.FromSeconds(60));

        await Eventually(() => Volatile.Read(ref passed) >= 95);
        Assert.InRange(passed, 95, 100);

        async Task Count(Task turn)
        {
            await turn;
            Interlocked.Increment(ref passed);
        }
    }

    [Fact]
    public async Task Buckets_that_are_full_again_are_forgotten()
    {
        var limiter = new ActionRateLimiter(_time, 1);
        for (var i = 0; i < 20_000; i++)
        {
            await limiter.WaitAsync("start", $"m{i}", RateLimit.Usual, default);
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.InRange(limiter.Buckets, 1, 1_100);
    }

    private static async Task Drain(ActionRateLimiter limiter, string action, string identifier, int burst)
    {
        for (var i = 0; i < burst; i++)
        {
            await limiter.WaitAsync(action, identifier, RateLimit.Usual, default);
        }
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 10_000 && !condition(); i++)
        {
            await Task.Delay(1);
        }

        Assert.True(condition());
    }
}
