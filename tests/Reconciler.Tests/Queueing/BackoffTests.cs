using CsCheck;
using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class BackoffTests
{
    public static TheoryData<BackoffClass, int, int> Paces => new()
    {
        { BackoffClass.Transient, 1, 300 },
        { BackoffClass.Throttled, 2, 120 },
        { BackoffClass.Capacity, 30, 1800 },
        { BackoffClass.Conflict, 1, 30 },
        { BackoffClass.NameTaken, 5, 600 },
        { BackoffClass.Invalid, 60, 3600 },
        { BackoffClass.Unauthorised, 30, 300 },
        { BackoffClass.Ambiguous, 1, 30 },
        { BackoffClass.Image, 10, 300 },
        { BackoffClass.Bug, 30, 1800 },
        { BackoffClass.CrashLoop, 10, 300 },
    };

    [Theory]
    [MemberData(nameof(Paces))]
    public void Each_class_of_failure_has_its_pace(BackoffClass failure, int baseSeconds, int capSeconds)
    {
        var policy = BackoffPolicy.For(failure);

        Assert.Equal(TimeSpan.FromSeconds(baseSeconds), Backoff.Delay(policy, 0, 0));
        Assert.Equal(TimeSpan.FromSeconds(capSeconds), Backoff.Delay(policy, 100, 0));
    }

    [Fact]
    public void Every_class_has_a_pace() =>
        Assert.All(Enum.GetValues<BackoffClass>(), failure => Assert.True(BackoffPolicy.For(failure).Base > TimeSpan.Zero));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(int.MaxValue, 300)]
    [InlineData(-1, 1)]
    [InlineData(int.MinValue, 1)]
    public void The_longest_wait_doubles_up_to_the_cap_for_any_attempt(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Delay(BackoffPolicy.For(BackoffClass.Transient), attempt, 0));

    [Fact]
    public void Waits_stay_above_the_least_and_at_or_below_the_ceiling() =>
        Gen.Select(Gen.Enum<BackoffClass>(), Gen.Int, Gen.Double.Unit).Sample((failure, attempt, random) =>
        {
            var policy = BackoffPolicy.For(failure);
            var delay = Backoff.Delay(policy, attempt, random);
            Assert.InRange(delay, policy.Base * Backoff.LeastShare, policy.Cap);
        });

    [Fact]
    public void Waits_are_spread_evenly_over_the_range()
    {
        var policy = BackoffPolicy.For(BackoffClass.Transient);
        var waits = Enumerable.Range(0, 1000).Select(i => Backoff.Delay(policy, 20, i / 1000.0).TotalSeconds).ToList();

        Assert.Equal(150, waits.Average(), tolerance: 1);
        Assert.Equal(waits.Count, waits.Distinct().Count());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-5)]
    [InlineData(7)]
    public void A_broken_random_source_cannot_make_a_hot_loop(double random) =>
        Assert.InRange(
            Backoff.Delay(BackoffPolicy.For(BackoffClass.Transient), 3, random), TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(8));
}
