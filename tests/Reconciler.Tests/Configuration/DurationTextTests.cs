using CsCheck;
using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("00:00:15", 15)]
    [InlineData("0:0:15", 15)]
    [InlineData("00:10:00", 600)]
    [InlineData("72:00:00", 259_200)]
    [InlineData("3.00:00:00", 259_200)]
    [InlineData("1.12:30:00", 131_400)]
    [InlineData("00:00:00.25", 0.25)]
    public void A_duration_is_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));

        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("15s")]
    [InlineData("10:00")]
    [InlineData("00:60:00")]
    [InlineData("00:00:60")]
    [InlineData("1.24:00:00")]
    [InlineData("-00:00:01")]
    [InlineData("00:00:-1")]
    [InlineData(".00:00:01")]
    [InlineData("99999999:00:00")]
    [InlineData("00:00:00:00")]
    public void What_is_ambiguous_or_nonsense_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Int[0, 100_000_000].Select(seconds => TimeSpan.FromSeconds(seconds)).Sample(duration =>
        {
            Assert.True(DurationText.TryParse(DurationText.Format(duration), out var read));
            Assert.Equal(duration, read);
        });
}
