using Reconciler.Hosting;

namespace Simulation.Worlds;

/// <summary>One run of a process, from its start to its crash or end. Nothing of it is shared with the next.</summary>
internal sealed class Incarnation(Node owner, int number, Life life, SimRandom random, NodeClock clock, long bornAt) : IDisposable
{
    /// <summary>A process this young is still finding out where it is.</summary>
    private static readonly long Youth = TimeSpan.FromSeconds(10).Ticks;

    private readonly CancellationTokenSource _stopping = new();

    public Node Owner { get; } = owner;

    public string Name { get; } = $"{owner.Name}.{number}";

    public Life Life { get; } = life;

    public SimRandom Random { get; } = random;

    public NodeClock Clock { get; } = clock;

    /// <summary>Null until the process has reached the database.</summary>
    public Core? Core { get; set; }

    /// <summary>Kept, because a finalizer that ended it would wake what is dead.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    public CancellationToken Stopping => _stopping.Token;

    public bool WasAskedToStop => _stopping.IsCancellationRequested;

    public bool IsYoungAt(long ticks) => ticks - bornAt < Youth;

    /// <summary>SIGTERM.</summary>
    public void AskToStop() => _stopping.Cancel();

    public void Dispose()
    {
        Core?.Dispose();
        _stopping.Dispose();
    }
}
