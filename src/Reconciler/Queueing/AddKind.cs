namespace Reconciler.Queueing;

/// <summary>Why a key was added. Kinds collected while a key waits are merged into the one item that is handed out.</summary>
[Flags]
public enum AddKind
{
    None = 0,

    /// <summary>Something may have changed: an event, the informer, a resync. Never shortens a backoff floor.</summary>
    Hint = 1,

    /// <summary>The wish changed, so what failed before may work now: goes past a backoff floor.</summary>
    NewGeneration = 2,

    /// <summary>An operator asked: goes past a backoff floor.</summary>
    Force = 4,
}
