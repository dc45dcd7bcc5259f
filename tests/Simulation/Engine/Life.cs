namespace Simulation.Engine;

/// <summary>Whether one incarnation of a process runs, stands still (SIGSTOP, a long collection) or is dead.</summary>
internal sealed class Life
{
    public bool IsAlive { get; private set; } = true;

    /// <summary>In ticks of the scheduler; what happens to the process before waits until then.</summary>
    public long PausedUntil { get; private set; }

    public void Die() => IsAlive = false;

    public void PauseUntil(long ticks) => PausedUntil = Math.Max(PausedUntil, ticks);

    /// <summary>A wait that never ends: what a dead process has in place of an answer.</summary>
    public static Task<T> Never<T>() => new TaskCompletionSource<T>().Task;
}
