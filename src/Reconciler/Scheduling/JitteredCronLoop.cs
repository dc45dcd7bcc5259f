using System.Runtime.CompilerServices;

namespace Reconciler.Scheduling;

/// <summary>
/// Ticks of a cron schedule, each a little late at random so that controllers started together do not call Fly together.
/// A tick never comes before its occurrence. Occurrences missed in a pause, a slow consumer or a jump of the clock make one tick
/// together and never a burst.
/// </summary>
public static class JitteredCronLoop
{
    /// <summary>Jitter of a rare schedule: ten percent of a day would surprise whoever wrote "at three".</summary>
    public static readonly TimeSpan MostJitter = TimeSpan.FromMinutes(5);

    /// <summary>Timers follow the monotonic clock and schedules the wall clock, so the wall clock is looked at this often.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    /// <summary>Yields the occurrence each tick stands for. Ends when the schedule has no more.</summary>
    /// <param name="jitterShare">Jitter as a share of the time to the following occurrence, 0 to 1 exclusive; 0.1 is usual.</param>
    /// <param name="random">Uniform in [0, 1).</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async IAsyncEnumerable<DateTimeOffset> Ticks(
        CronSchedule schedule,
        double jitterShare,
        TimeProvider time,
        Func<double> random,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(jitterShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(jitterShare, 1);

        var last = time.GetUtcNow();
        while (schedule.Next(last) is { } next)
        {
            var due = next + Jitter(schedule, next, jitterShare, random());
            var now = time.GetUtcNow();
            while (now < due && !WentBack(last, next, now))
            {
                var left = due - now;
                await Task.Delay(left < LongestSleep ? WholeMilliseconds(left) : LongestSleep, time, cancellationToken);
                now = time.GetUtcNow();
            }

            if (now < due)
            {
                last = now;
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            yield return next;
            now = time.GetUtcNow();
            last = now > next ? now : next;
        }
    }

    /// <summary>Delays count whole milliseconds; rounded down, the last part of one would be a busy loop.</summary>
    private static TimeSpan WholeMilliseconds(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));

    private static TimeSpan Jitter(CronSchedule schedule, DateTimeOffset next, double share, double random)
    {
        var period = (schedule.Next(next) ?? next) - next;
        var most = period * share;
        return (most < MostJitter ? most : MostJitter) * Math.Clamp(random, 0, 1);
    }

    /// <summary>
    /// The clock was set back by more than the gap we wait in: keeping the old plan would be a silence as long as the jump. A smaller
    /// correction keeps the plan, so that a clock nudged back over "at three" does not make it three o'clock twice.
    /// </summary>
    private static bool WentBack(DateTimeOffset last, DateTimeOffset next, DateTimeOffset now) => last - now > next - last;
}
