namespace Simulation.Engine;

/// <summary>
/// The clock of one incarnation: virtual time as that process sees it, which may be off, run fast or slow, and jump. Timers
/// stop with the process.
/// </summary>
internal sealed class NodeClock(Scheduler scheduler, Life life, SimRandom random, ClockNature nature) : TimeProvider
{
    private readonly long _bornAt = scheduler.Ticks;

    /// <summary>What a jump of the wall clock adds.</summary>
    public TimeSpan Jumped { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now + nature.Offset + Jumped;

    public override long GetTimestamp() => (long)((scheduler.Ticks - _bornAt) * nature.Rate);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new NodeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Lateness() => nature.TimersLate > TimeSpan.Zero && random.Chance(0.05)
        ? nature.TimersLate * random.NextDouble()
        : TimeSpan.Zero;

    private sealed class NodeTimer(NodeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private int _arming;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _arming++;
            _period = period;
            Arm(dueTime);
            return true;
        }

        private void Arm(TimeSpan dueTime)
        {
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }

            var arming = _arming;
            clock.Schedule(dueTime, () =>
            {
                if (arming != _arming)
                {
                    return;
                }

                if (_period > TimeSpan.Zero)
                {
                    Arm(_period);
                }

                callback(state);
            });
        }

        public void Dispose() => _arming++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }

    private void Schedule(TimeSpan dueTime, Action run) => scheduler.After((dueTime / nature.Rate) + Lateness(), run, life);
}

/// <param name="Offset">Of the wall clock from the world's.</param>
/// <param name="Rate">Of the monotonic clock; 1 = right.</param>
/// <param name="TimersLate">How late one timer in twenty fires at most.</param>
internal sealed record ClockNature(TimeSpan Offset, double Rate, TimeSpan TimersLate)
{
    public static ClockNature Right { get; } = new(TimeSpan.Zero, 1, TimeSpan.Zero);
}

/// <summary>The world's own clock, for the models of Fly and of the database. Nothing in them waits on a process.</summary>
internal sealed class WorldClock(Scheduler scheduler) : TimeProvider
{
    /// <summary>Of the database's clock from the world's; zero for Fly.</summary>
    public TimeSpan Offset { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => scheduler.Now + Offset;

    public override long GetTimestamp() => scheduler.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new WorldTimer(scheduler, callback, state, dueTime);

    private sealed class WorldTimer : ITimer
    {
        private readonly Scheduler _scheduler;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _arming;

        public WorldTimer(Scheduler scheduler, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_scheduler, _callback, _state) = (scheduler, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var arming = ++_arming;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _scheduler.After(dueTime, () =>
                {
                    if (arming == _arming)
                    {
                        _callback(_state);
                    }
                });
            }

            return true;
        }

        public void Dispose() => _arming++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
