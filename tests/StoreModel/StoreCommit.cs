namespace StoreModel;

/// <summary>A transaction that has just been committed.</summary>
/// <param name="Sequence">Counts the commits, from 1.</param>
/// <param name="Operation">The method's name: of <see cref="IStore"/>, <see cref="ILeaseStore"/> or <see cref="HostApplication"/>.</param>
/// <param name="Lease">The token it was written under; null for the application's own writes and for those that need none.</param>
/// <param name="Users">The users it was about, each once; those of a status batch in the order of their ids.</param>
/// <param name="Changed">False when every row said the same already.</param>
public sealed record StoreCommit(long Sequence, string Operation, LeaseToken? Lease, IReadOnlyList<Guid> Users, bool Changed)
{
    /// <summary>The epoch of the token.</summary>
    public long? Epoch => Lease?.Epoch;
}
