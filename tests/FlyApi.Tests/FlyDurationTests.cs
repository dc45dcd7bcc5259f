using CsCheck;
using FlyApi.Contracts;

namespace FlyApi.Tests;

public sealed class FlyDurationTests
{
    [Theory]
    [InlineData("15s", 15_000_000_000)]
    [InlineData("1m0s", 60_000_000_000)]
    [InlineData("1h1m1.5s", 3_661_500_000_000)]
    [InlineData("500ms", 500_000_000)]
    [InlineData("1.5h", 5_400_000_000_000)]
    [InlineData("250us", 250_000)]
    [InlineData("250\u00b5s", 250_000)]
    [InlineData("7ns", 7)]
    [InlineData("-2s", -2_000_000_000)]
    [InlineData("15000000000", 15_000_000_000)]
    [InlineData("0", 0)]
    public void A_duration_is_read(string text, long nanoseconds)
    {
        Assert.True(FlyDuration.TryParse(text, out var duration));
        Assert.Equal(nanoseconds, duration.Nanoseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-")]
    [InlineData("5x")]
    [InlineData("1.2.3s")]
    [InlineData("99999999999h")]
    [InlineData("99999999999999999999999s")]
    public void Anything_else_is_not(string? text) =>
        Assert.False(FlyDuration.TryParse(text, out _));

    [Theory]
    [InlineData("60s", "1m0s", true)]
    [InlineData("60s", "60000000000", true)]
    [InlineData("0.5s", "500ms", true)]
    [InlineData("60s", "61s", false)]
    [InlineData("60s", null, false)]
    [InlineData(null, null, true)]
    [InlineData("soon", "soon", true)]
    [InlineData("soon", "later", false)]
    public void Durations_are_compared_by_length(string? left, string? right, bool same) => Assert.Equal(same, FlyDuration.Same(left, right));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(60_000_000_000, "1m0s")]
    [InlineData(10_000_000_000, "10s")]
    [InlineData(3_600_000_000_000, "1h0m0s")]
    [InlineData(1_500_000, "1.5ms")]
    public void A_duration_is_written_as_Go_writes_it(long nanoseconds, string text) => Assert.Equal(text, new FlyDuration(nanoseconds).ToString());

    [Fact]
    public void Every_duration_survives_being_written_and_read() => Gen.Long.Sample(nanoseconds =>
        nanoseconds == long.MinValue
        || (FlyDuration.TryParse(new FlyDuration(nanoseconds).ToString(), out var read) && read.Nanoseconds == nanoseconds));
}
