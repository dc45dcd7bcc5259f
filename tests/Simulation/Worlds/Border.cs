namespace Simulation.Worlds;

/// <summary>What every port of a process shares: how long the way takes, who decides what goes wrong, where a crash strikes.</summary>
internal sealed class Border(SimWorld world, Incarnation node)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(1);
    private readonly SimRandom _random = node.Random;

    public SimWorld World { get; } = world;

    public Incarnation Node { get; } = node;

    /// <summary>One way over the network. A dead process never gets there; one that stands still gets there late.</summary>
    public Task LegAsync(TimeSpan most, CancellationToken cancellationToken) =>
        World.Scheduler.DelayAsync(_random.Between(Quick, most), Node.Life, cancellationToken);

    /// <summary>For what is refused: after so long, as that process sees it.</summary>
    public Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        World.Scheduler.DelayAsync(wait, Node.Life, cancellationToken);

    /// <summary>Kills the process now when a crash is due here; the caller then waits for ever.</summary>
    public bool DiesBefore(CrashPoint point) => Dies(point == CrashPoint.Before, FaultClass.CrashBeforeCall);

    public bool DiesAfter(CrashPoint point) => Dies(point == CrashPoint.After, FaultClass.CrashAfterCall);

    private bool Dies(bool now, FaultClass fault)
    {
        if (!now || !Node.Life.IsAlive)
        {
            return false;
        }

        World.Coverage.Injected(fault);
        if (Node.IsYoungAt(World.Scheduler.Ticks))
        {
            World.Coverage.Injected(FaultClass.CrashInStart);
        }

        Node.Owner.Crash();
        return true;
    }
}
