using Microsoft.Extensions.Time.Testing;
using Reconciler.WebConsole.History;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Pages;

namespace ConsoleTests.Units;

public sealed class MinuteRingTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 30, TimeSpan.Zero));

    [Fact]
    public void What_happens_stands_in_its_minute()
    {
        var ring = new MinuteRing(_time);
        ring.Called(good: true, 3);
        ring.Called(good: false, 1);
        _time.Advance(TimeSpan.FromMinutes(2));
        foreach (var seconds in new[] { 9.0, 1.0, 2.0 })
        {
            ring.Converged(seconds);
        }

        var hour = ring.Read();

        Assert.Equal(60, hour.Count);
        Assert.Equal((3, 1, 0), (hour[^3].Calls, hour[^3].FailedCalls, hour[^3].Converged));
        Assert.Equal((3, 2.0, 9.0), (hour[^1].Converged, hour[^1].Median, hour[^1].Slowest));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 2, 0, TimeSpan.Zero), hour[^1].Start);
    }

    [Fact]
    public void An_hour_later_nothing_of_it_is_left()
    {
        var ring = new MinuteRing(_time);
        ring.Called(good: true, 3);
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(3, ring.Read().Sum(m => m.Calls));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, ring.Read().Sum(m => m.Calls));
        ring.Called(good: true, 1);
        Assert.Equal(1, ring.Read().Sum(m => m.Calls));
    }

    [Fact]
    public void The_charts_of_an_empty_and_of_a_busy_hour_can_be_drawn()
    {
        var ring = new MinuteRing(_time);
        Assert.Contains("nobody had anything to converge to", Draw(ring), StringComparison.Ordinal);

        ring.Converged(1.5);
        ring.Called(good: false, 2);

        Assert.Contains("once; it took 1.5 s", Draw(ring), StringComparison.Ordinal);
        Assert.Contains("of which 2 failed", Draw(ring), StringComparison.Ordinal);
    }

    private static string Draw(MinuteRing ring)
    {
        var page = new HtmlWriter();
        Charts.Write(page, ring.Read());
        return page.ToString();
    }
}
