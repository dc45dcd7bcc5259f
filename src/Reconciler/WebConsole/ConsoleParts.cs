using Reconciler.Configuration;
using Reconciler.Guarding;
using Reconciler.Images;
using Reconciler.Leading;
using Reconciler.Observing;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Secrets;
using Store;

namespace Reconciler.WebConsole;

/// <summary>What the console looks at and asks of the running daemon. It is given, so that the console knows no host.</summary>
internal sealed record ConsoleParts
{
    public required Settings Settings { get; init; }
    public required IStore Store { get; init; }
    public required IConsoleStore Rows { get; init; }
    public required ILeaseStore Leases { get; init; }
    public required IFleetGuard Guard { get; init; }
    public required FleetView View { get; init; }
    public required AppInformer Informer { get; init; }
    public required IImageCatalog Images { get; init; }
    public required ISecretSource Secrets { get; init; }
    public required SnapshotReader Snapshots { get; init; }
    public required DestroyApprovals Approvals { get; init; }

    /// <summary>Null while standing by.</summary>
    public required Func<Leadership?> Leadership { get; init; }

    /// <summary>Null while standing by.</summary>
    public required Func<WorkQueue<Guid>?> Queue { get; init; }
}

/// <summary>Holds the parts once the daemon is connected; before that the console says so.</summary>
internal sealed class ConsoleSource
{
    private volatile ConsoleParts? _parts;

    public ConsoleParts? Parts => _parts;

    public void Attach(ConsoleParts parts) => _parts = parts;
}
