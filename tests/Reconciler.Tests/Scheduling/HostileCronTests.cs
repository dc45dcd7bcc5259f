using CsCheck;
using Reconciler.Configuration;
using Reconciler.Scheduling;

namespace Reconciler.Tests.Scheduling;

/// <summary>Cron expressions, by the two readers that there are: the schedule's and the configuration's.</summary>
public sealed class HostileCronTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Any_text_is_a_schedule_that_comes_or_a_problem_fit_to_be_shown() =>
        Gen.OneOf(
            HostileText.Any,
            HostileText.Within("*/5 * * * *", "0 0 1 1 *", "30 2 L * 5#3", "@hourly", "@every_minute", "0-59/7 1,2,3 ? JAN MON-FRI", "* * * * * *"),
            Gen.OneOf("*", "*/5", "0", "59", "60", "L", "W", "5#3", "?", "1-5", "JAN", "@", "H/2", "-", ",", "*/0", "999999999999").Array[0, 8].Select(f => string.Join(' ', f)))
        .Hold(8_000, text =>
        {
            var parsed = CronSchedule.TryParse(text, out var schedule, out var problem);

            Assert.Equal(parsed, schedule?.Next(Noon) is not null);
            Assert.Equal(parsed, problem is null);
            HostileText.AssertHarmless(problem, 600);
            Assert.True(!Formats.TryCron(text, out var cron) || cron.GetNextOccurrence(Noon.UtcDateTime) is not null);
        });

    [Fact]
    public void Megabytes_are_refused_in_time() => Assert.All(HostileText.Megabytes(), text => HostileRun.InTime(() =>
    {
        Assert.False(CronSchedule.TryParse(text, out _, out _));
        Assert.False(Formats.TryCron(text, out _));
        Assert.False(Formats.TryCron(string.Join(',', Enumerable.Repeat("1", 100_000)) + " * * * * *  *", out _));
    }));

    [Fact]
    public void A_refused_schedule_is_quoted_without_what_reorders_or_ends_a_line()
    {
        Assert.False(CronSchedule.TryParse("* * \u202E * \u2028 *", out _, out var problem));
        HostileText.AssertHarmless(problem);
    }
}
