using Reconciler.Scheduling;

namespace Reconciler.Tests.Scheduling;

public sealed class CronScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00Z")]
    [InlineData("*/5 * * * * *", "2026-03-01T12:00:05Z")]
    [InlineData("  0   3 * * *  ", "2026-03-02T03:00:00Z")]
    [InlineData("0\t0\t29\t2\t*", "2028-02-29T00:00:00Z")]
    [InlineData("@hourly", "2026-03-01T13:00:00Z")]
    [InlineData("@every_second", "2026-03-01T12:00:01Z")]
    [InlineData("@every_minute", "2026-03-01T12:01:00Z")]
    public void A_valid_expression_gives_the_next_occurrence_after_now(string text, string next)
    {
        Assert.True(CronSchedule.TryParse(text, out var schedule, out var problem), problem);

        Assert.Equal(DateTimeOffset.Parse(next), schedule.Next(Noon));
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData(" \t ", "empty")]
    [InlineData("* * * *", "4 fields")]
    [InlineData("* * * * * * *", "7 fields")]
    [InlineData("61 * * * *", "not a cron expression")]
    [InlineData("five minutes please now ok", "not a cron expression")]
    [InlineData("@fortnightly", "not a cron expression")]
    [InlineData("@every 5s", "*/5 * * * * *")]
    [InlineData("H * * * *", "uses H")]
    [InlineData("0 0 30 2 *", "never occurs")]
    [InlineData("0 0 *\n* *", "control characters")]
    public void A_wrong_expression_is_refused_with_a_problem_that_helps(string? text, string says)
    {
        Assert.False(CronSchedule.TryParse(text, out var schedule, out var problem));

        Assert.Null(schedule);
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_occurrence_is_told_in_utc_whatever_the_offset_of_now()
    {
        Assert.True(CronSchedule.TryParse("0 3 * * *", out var schedule, out _));

        var next = schedule.Next(new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.FromHours(8)));

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 3, 0, 0, TimeSpan.Zero), next);
        Assert.Equal(TimeSpan.Zero, next?.Offset);
    }
}
