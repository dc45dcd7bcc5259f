namespace Reconciler.Queueing;

/// <summary>How soon a key deserves a worker, most urgent first. The numbers order the classes; they are not weights.</summary>
public enum Priority
{
    /// <summary>A person waits: a row changed, or a reconcile was forced.</summary>
    User = 0,

    /// <summary>A machine died or went bad.</summary>
    Incident = 1,

    /// <summary>A change to the fleet is being rolled out.</summary>
    Rollout = 2,

    /// <summary>Nothing is known to be wrong.</summary>
    Resync = 3,
}
