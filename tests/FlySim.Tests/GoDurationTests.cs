using FlySim.Model;

namespace FlySim.Tests;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData("15s", "15s")]
    [InlineData("60s", "1m0s")]
    [InlineData("90s", "1m30s")]
    [InlineData("1h", "1h0m0s")]
    [InlineData("1m", "1m0s")]
    [InlineData("1.5s", "1.5s")]
    [InlineData("500ms", "500ms")]
    [InlineData("0", "0s")]
    public void A_duration_comes_back_as_Go_prints_it(string given, string printed)
    {
        Assert.True(GoDuration.TryParse(given, out var duration));
        Assert.Equal(printed, GoDuration.Format(duration));
    }

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("s")]
    [InlineData("1x")]
    [InlineData("1..5s")]
    public void What_is_no_duration_is_refused(string given) => Assert.False(GoDuration.TryParse(given, out _));
}
