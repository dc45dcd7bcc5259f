using System.Collections.Concurrent;
using Reconciler.Model;
using Reconciler.Secrets;
using Store;

namespace Reconciler.Rollouts;

/// <summary>
/// The policy of each user: the fleet's, with the revision that the database says. The row is read anew for every look and a revision
/// never changes, so there is nothing here that another leader could have made old.
/// </summary>
internal sealed class RevisionBook(IStore store, ISecretSource secrets, bool enabled)
{
    private readonly ConcurrentDictionary<string, Revision> _revisions = new(StringComparer.Ordinal);
    private Current? _current;

    private sealed record Current(FleetPolicy Policy, FleetPolicy WithRevision);

    /// <summary>What the configuration asks for; null while no image is known.</summary>
    public static Revision? Wish(FleetPolicy policy) => Revision.Of(policy);

    /// <param name="policy">As it stands.</param>
    /// <param name="id">Of the user; null before the fleet's first revision is recorded.</param>
    /// <param name="cancellationToken">Ends the wait for the database.</param>
    /// <exception cref="StoreSchemaException">The revision is not there, or was edited.</exception>
    public async ValueTask<FleetPolicy> ForAsync(FleetPolicy policy, string? id, CancellationToken cancellationToken)
    {
        if (!enabled)
        {
            return policy;
        }

        var current = OfCurrent(policy);
        if (id is null || id == current.Revision)
        {
            return current; // the same content, with the newest label
        }

        if (!_revisions.TryGetValue(id, out var revision))
        {
            var row = await store.ReadRevisionAsync(id, cancellationToken)
                ?? throw new StoreSchemaException($"revision {id} is not in fly_reconciler.revisions: restore it");
            revision = _revisions.GetOrAdd(id, RolloutJson.ReadRevision(row));
        }

        return revision.ApplyTo(policy, secrets.Knows(revision.SecretsDigest));
    }

    private FleetPolicy OfCurrent(FleetPolicy policy)
    {
        if (Volatile.Read(ref _current) is { } known && ReferenceEquals(known.Policy, policy))
        {
            return known.WithRevision;
        }

        var current = new Current(policy, policy with { Revision = Revision.Of(policy)?.Id });
        Volatile.Write(ref _current, current);
        return current.WithRevision;
    }
}
