using Reconciler.Hosting;

namespace Reconciler.Tests.Hosting;

public sealed class UnbrokenTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Clocks _clocks = new();

    [Fact]
    public void Time_that_passes_breaks_nothing_however_long_nobody_looked()
    {
        var unbroken = new UnbrokenTime(_clocks);
        _clocks.Pass(TimeSpan.FromHours(3));

        Assert.Equal(Start, unbroken.Since());
    }

    [Theory]
    [InlineData(3600, true)]
    [InlineData(11, true)]
    [InlineData(9, false)]
    [InlineData(-9, false)]
    [InlineData(-11, true)]
    [InlineData(-3600, true)]
    public void A_clock_that_is_put_by_more_than_ten_seconds_begins_anew(int seconds, bool anew)
    {
        var unbroken = new UnbrokenTime(_clocks);
        _clocks.Pass(TimeSpan.FromSeconds(30));
        _clocks.Wall += TimeSpan.FromSeconds(seconds);
        var put = _clocks.Wall;

        Assert.Equal(anew ? put : Start, unbroken.Since());
        _clocks.Pass(TimeSpan.FromMinutes(5));
        Assert.Equal(anew ? put : Start, unbroken.Since());
    }

    /// <summary>Two clocks, of which one can be put.</summary>
    private sealed class Clocks : TimeProvider
    {
        private long _monotonic;

        public DateTimeOffset Wall { get; set; } = Start;
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time)
        {
            Wall += time;
            _monotonic += time.Ticks;
        }

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => _monotonic;
    }
}
