using Microsoft.Extensions.Time.Testing;
using Reconciler.Scheduling;

namespace Reconciler.Tests.Scheduling;

public sealed class JitteredCronLoopTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Noon.AddSeconds(-30));
    private readonly CancellationTokenSource _stop = new();
    private IAsyncEnumerator<DateTimeOffset>? _ticks;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private Task<bool> Start(string cron, double jitterShare = 0, double random = 0)
    {
        Assert.True(CronSchedule.TryParse(cron, out var schedule, out var problem), problem);
        _ticks = JitteredCronLoop.Ticks(schedule, jitterShare, _time, () => random, _stop.Token).GetAsyncEnumerator();
        return Next();
    }

    private Task<bool> Next() => _ticks!.MoveNextAsync().AsTask();

    /// <summary>Continuations of the fake clock run on the caller, so after each second the loop has seen it.</summary>
    private void Pass(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            _time.Advance(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
        }
    }

    private void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    private DateTimeOffset Ticked(Task<bool> tick)
    {
        Assert.True(tick.IsCompletedSuccessfully && tick.Result, $"no tick at {_time.GetUtcNow():O}");
        return _ticks!.Current;
    }

    [Fact]
    public void Without_jitter_each_occurrence_ticks_at_its_time()
    {
        var tick = Start("* * * * *");
        for (var minute = 0; minute < 5; minute++)
        {
            Pass(minute == 0 ? 29 : 59);
            Assert.False(tick.IsCompleted);
            Pass(1);
            Assert.Equal(Noon.AddMinutes(minute), Ticked(tick));
            tick = Next();
        }
    }

    [Theory]
    [InlineData("* * * * *", 0.1, 0.5, 3)]
    [InlineData("0 * * * *", 0.1, 0.5, 150)]
    [InlineData("0 12 * * *", 0.1, 0.999999, 300)]
    public void Jitter_is_a_share_of_the_period_up_to_five_minutes_and_never_before_the_occurrence(
        string cron, double share, double random, double seconds)
    {
        var tick = Start(cron, share, random);
        Pass(30 + seconds - 1);
        Assert.False(tick.IsCompleted);
        Pass(1);
        Assert.Equal(Noon, Ticked(tick));
    }

    [Fact]
    public void A_slow_consumer_gets_one_tick_for_all_it_missed()
    {
        var tick = Start("* * * * *");
        Pass(30);
        Assert.Equal(Noon, Ticked(tick));

        Pass(TimeSpan.FromMinutes(10.5));
        tick = Next();

        Assert.False(tick.IsCompleted);
        Pass(30);
        Assert.Equal(Noon.AddMinutes(11), Ticked(tick));
    }

    [Fact]
    public void A_clock_set_forward_over_many_occurrences_makes_one_tick_soon()
    {
        var tick = Start("* * * * *");
        Pass(30);
        Ticked(tick);
        tick = Next();

        _time.AdjustTime(Noon.AddHours(5).AddSeconds(10));
        Pass(JitteredCronLoop.LongestSleep);
        Assert.Equal(Noon.AddMinutes(1), Ticked(tick));

        tick = Next();
        Assert.False(tick.IsCompleted);
        Pass(19);
        Assert.False(tick.IsCompleted);
        Pass(1);
        Assert.Equal(Noon.AddHours(5).AddMinutes(1), Ticked(tick));
    }

    [Fact]
    public void A_clock_set_back_by_hours_does_not_silence_a_frequent_schedule()
    {
        var tick = Start("* * * * *");
        Pass(30);
        Ticked(tick);
        tick = Next();

        _time.AdjustTime(Noon.AddHours(-5));
        Pass(JitteredCronLoop.LongestSleep);
        Assert.False(tick.IsCompleted);
        Pass(30);

        Assert.Equal(Noon.AddHours(-5).AddMinutes(1), Ticked(tick));
    }

    [Fact]
    public void A_clock_set_back_a_little_does_not_repeat_a_daily_tick()
    {
        var tick = Start("0 12 * * *");
        Pass(30);
        Assert.Equal(Noon, Ticked(tick));
        tick = Next();

        _time.AdjustTime(Noon.AddMinutes(-2));
        Pass(TimeSpan.FromHours(23));

        Assert.False(tick.IsCompleted);
        Pass(TimeSpan.FromHours(2));
        Assert.Equal(Noon.AddDays(1), Ticked(tick));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        var tick = Start("* * * * *");

        await _stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tick);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public async Task A_share_outside_zero_to_one_is_refused(double share) =>
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Start("* * * * *", share));
}
