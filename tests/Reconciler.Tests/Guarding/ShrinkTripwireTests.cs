using Reconciler.Guarding;
using Store;

namespace Reconciler.Tests.Guarding;

public sealed class ShrinkTripwireTests
{
    private static readonly TripwireLimits Limits = new(Share: 0.2, Minimum: 3, Window: TimeSpan.FromMinutes(10));
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(100, 80, false)]
    [InlineData(100, 79, true)]
    [InlineData(100, 0, true)]
    [InlineData(10_000, 8_000, false)]
    [InlineData(10_000, 7_999, true)]
    [InlineData(3, 0, false)]
    [InlineData(4, 1, false)]
    [InlineData(4, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(0, 500, false)]
    public void A_fall_of_more_than_a_fifth_and_more_than_three_holds(int before, int now, bool holds) =>
        Assert.Equal(holds, Run((0, before), (60, now)).Hold is not null);

    [Theory]
    [InlineData(601)]
    [InlineData(86_400)]
    public void A_quiet_fleet_or_a_controller_that_was_stopped_keeps_its_yardstick(int seconds) =>
        Assert.NotNull(Run((0, 100), (seconds, 0)).Hold);

    [Fact]
    public void A_slow_decline_does_not_hold()
    {
        var steps = Enumerable.Range(0, 30).Select(i => (i * 300, 100 - (2 * i))).ToArray();

        Assert.Null(Run(steps).Hold);
    }

    [Fact]
    public void Many_small_falls_within_the_window_hold_together() =>
        Assert.NotNull(Run((0, 100), (100, 95), (200, 90), (300, 85), (400, 79)).Hold);

    [Fact]
    public void A_burst_that_ended_is_remembered_by_where_it_ended()
    {
        Assert.Null(Run((0, 100), (1, 95), (2, 90), (3, 85), (86_400, 79)).Hold);
        Assert.NotNull(Run((0, 100), (1, 95), (2, 90), (3, 85), (86_400, 60)).Hold);
    }

    [Fact]
    public void A_burst_of_falls_makes_two_samples_and_not_one_each()
    {
        var history = Run([(0, 1000), .. Enumerable.Range(1, 55).Select(i => (i, 1000 - i))]);

        Assert.Equal([1000, 945], history.Samples.Select(s => s.Entitled));
    }

    [Fact]
    public void A_number_that_does_not_change_makes_no_samples()
    {
        var first = Run((0, 100));

        Assert.True(ShrinkTripwire.Same(first, Run((0, 100), (60, 100), (600, 100), (86_400, 100))));
    }

    [Theory]
    [InlineData(79, true)]
    [InlineData(80, false)]
    [InlineData(100, false)]
    public void Only_recovery_lifts_the_hold(int recovered, bool holds) =>
        Assert.Equal(holds, Run((0, 100), (60, 0), (86_400, 0), (86_460, recovered)).Hold is not null);

    [Fact]
    public void The_hold_says_the_same_while_it_lasts() =>
        Assert.Equal(Run((0, 100), (60, 50)).Hold, Run((0, 100), (60, 50), (120, 40), (7_200, 0)).Hold);

    [Fact]
    public void An_operator_may_confirm_the_number()
    {
        var released = ShrinkTripwire.Release(Census(50), Start);

        Assert.Null(released.Hold);
        Assert.Null(ShrinkTripwire.Evaluate(released, Census(50), Limits, Start.AddSeconds(1)).Hold);
        Assert.NotNull(ShrinkTripwire.Evaluate(released, Census(30), Limits, Start.AddSeconds(1)).Hold);
    }

    private static CensusHistory Run(params (int Seconds, int Entitled)[] steps) => steps.Aggregate(
        CensusHistory.Empty, (history, step) => ShrinkTripwire.Evaluate(history, Census(step.Entitled), Limits, Start.AddSeconds(step.Seconds)));

    private static Census Census(int entitled) => new(entitled, entitled, entitled);
}
