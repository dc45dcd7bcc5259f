using Microsoft.Extensions.Time.Testing;
using Reconciler.Leading;
using Store;

namespace Reconciler.Tests.Leading;

public sealed class LeadershipTests
{
    private static readonly LeaseToken Token = new("lease", "us", 7);
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(12_999, true)]
    [InlineData(13_000, false)]
    [InlineData(15_000, false)]
    public void Nothing_is_begun_in_the_last_two_seconds(int milliseconds, bool can)
    {
        var leadership = New();

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(can, leadership.CanAct);
        Assert.Equal(can, Record.Exception(leadership.EnsureCanAct) is null);
    }

    [Fact]
    public void The_lease_counts_from_before_the_request_that_took_it()
    {
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(14)); // the answer was slow

        Assert.False(new Leadership(_time, Token, TimeSpan.FromSeconds(15), sent).CanAct);
    }

    [Fact]
    public void A_renewal_counts_from_before_it_was_sent()
    {
        var leadership = New();
        _time.Advance(TimeSpan.FromSeconds(5));
        var sent = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(4));

        leadership.Renewed(sent);

        Assert.Equal(TimeSpan.FromSeconds(11), leadership.Remaining);
    }

    [Fact]
    public void What_is_lost_stays_lost()
    {
        var leadership = New();
        leadership.Lost();
        leadership.Renewed(_time.GetTimestamp());

        Assert.Equal((false, TimeSpan.Zero), (leadership.CanAct, leadership.Remaining));
        Assert.Contains("epoch 7", Assert.Throws<LeadershipLostException>(leadership.EnsureCanAct).Message, StringComparison.Ordinal);
    }

    private Leadership New() => new(_time, Token, TimeSpan.FromSeconds(15), _time.GetTimestamp());
}
