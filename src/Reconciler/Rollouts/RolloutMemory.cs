using System.Collections.Concurrent;
using Reconciler.Model;
using Store;

namespace Reconciler.Rollouts;

/// <summary>
/// What the documents of rollouts said when they were last parsed. A turn nearly always meets the texts of the turn before; a text that
/// was edited is another text, and is parsed and checked anew.
/// </summary>
internal sealed class RolloutMemory
{
    private readonly ConcurrentDictionary<string, ParsedRevision> _revisions = new(StringComparer.Ordinal);
    private Wished? _wish;
    private ParsedState? _state;

    private sealed record Wished(FleetPolicy Policy, Revision? Revision);

    private sealed record ParsedState(string Text, RolloutState State);

    private sealed record ParsedRevision(string Text, Revision Revision);

    /// <summary>What the configuration asks for; null while no image is known.</summary>
    public Revision? WishOf(FleetPolicy policy)
    {
        if (Volatile.Read(ref _wish) is not { } known || !ReferenceEquals(known.Policy, policy))
        {
            known = new Wished(policy, Revision.Of(policy));
            Volatile.Write(ref _wish, known);
        }

        return known.Revision;
    }

    /// <exception cref="StoreSchemaException">It was edited into something that is none.</exception>
    public RolloutState StateOf(string text)
    {
        if (Volatile.Read(ref _state) is not { } known || known.Text != text)
        {
            known = new ParsedState(text, RolloutJson.ReadState(text));
            Volatile.Write(ref _state, known);
        }

        return known.State;
    }

    /// <exception cref="StoreSchemaException">It is not what its id says.</exception>
    public Revision RevisionOf(RevisionRow row)
    {
        if (!_revisions.TryGetValue(row.Id, out var known) || known.Text != row.Content)
        {
            known = new ParsedRevision(row.Content, RolloutJson.ReadRevision(row));
            _revisions[row.Id] = known;
        }

        return known.Revision;
    }
}
