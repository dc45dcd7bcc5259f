namespace Simulation.Engine;

/// <summary>
/// Virtual time: what is due, in order of time and then as the seed decides. Time jumps from one event to the next and
/// stands still while anything can run.
/// </summary>
internal sealed class Scheduler(SimRandom random)
{
    /// <summary>When every run begins (UTC).</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Event, (long Due, ulong Tie)> _events = new();
    private long _order;

    /// <summary>What happens at an instant. Those of a process that is no more are dropped, those of one that stands still wait.</summary>
    private readonly record struct Event(Action Run, Life? Owner);

    public long Ticks { get; private set; }

    public long Executed { get; private set; }

    public DateTimeOffset Now => Start.AddTicks(Ticks);

    public TimeSpan Elapsed => TimeSpan.FromTicks(Ticks);

    /// <param name="delay">From now; less than nothing is nothing.</param>
    /// <param name="run">Runs on the simulator's only thread.</param>
    /// <param name="owner">The process to which it happens; null = the world.</param>
    public void After(TimeSpan delay, Action run, Life? owner = null) => At(Ticks + Math.Max(0, delay.Ticks), run, owner);

    /// <summary>Two things due at one instant come in an order that the seed decides, and in a fixed one when told so.</summary>
    private void At(long due, Action run, Life? owner)
    {
        var tie = ((ulong)random.Next(1 << 16) << 40) | (ulong)_order++;
        _events.Enqueue(new Event(run, owner), (due, tie));
    }

    /// <summary>Lets the next event happen; false when nothing is due any more.</summary>
    public bool Step()
    {
        while (_events.TryDequeue(out var next, out var key))
        {
            if (next.Owner is { IsAlive: false })
            {
                continue;
            }

            Ticks = Math.Max(Ticks, key.Due);
            if (next.Owner is { } owner && owner.PausedUntil > Ticks)
            {
                At(owner.PausedUntil, next.Run, owner);
                continue;
            }

            Executed++;
            next.Run();
            return true;
        }

        return false;
    }

    /// <summary>Completes after a while of virtual time.</summary>
    /// <param name="delay">How long.</param>
    /// <param name="owner">Whose wait it is: a process that dies meanwhile never comes back from it.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    public Task DelayAsync(TimeSpan delay, Life? owner = null, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), done)
            : default;
        After(
            delay,
            () =>
            {
                registration.Dispose();
                done.TrySetResult();
            },
            owner);
        return done.Task;
    }
}
