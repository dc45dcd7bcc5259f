using Reconciler.Rollouts;
using Store;

namespace Reconciler.Tests.Rollouts;

/// <summary>What the database keeps between two turns, apart from the users: where the rollout stands, what is known of revisions, and
/// the orders that nobody has answered.</summary>
internal sealed class KeptRollout
{
    private readonly Dictionary<string, RevisionRow> _known = new(StringComparer.Ordinal);
    private readonly List<RolloutOrder> _orders = [];
    private long _lastOrder;

    public RolloutState? State { get; private set; }
    public Revision? Stable { get; private set; }
    public Revision? Candidate { get; private set; }

    public RevisionRow? Known(string id) => _known.GetValueOrDefault(id);

    public void Ask(string kind, DateTimeOffset? until = null) =>
        _orders.Add(new RolloutOrder(++_lastOrder, new RolloutAsk(kind, "ann", "because", until?.UtcDateTime), null));

    public void DropOrders() => _orders.Clear();

    /// <summary>A turn's reading, as of one instant.</summary>
    public RolloutInput Read(
        Revision wish, IEnumerable<UserFacts> users, Func<Guid, DateTimeOffset?> seenGoodAt, RolloutSettings settings, DateTimeOffset leadingSince, DateTimeOffset now) => new()
        {
            State = State,
            Stable = Stable,
            Candidate = Candidate,
            Wish = wish,
            WishProblem = null,
            Known = _known,
            StableSecretsKnown = true,
            Users = [.. users],
            Orders = [.. _orders],
            SeenGoodAt = seenGoodAt,
            Settings = settings,
            LeadingSince = leadingSince,
            Now = now,
            StuckAfter = TimeSpan.FromMinutes(10),
        };

    public void Write(RolloutOutcome outcome)
    {
        (State, Stable, Candidate) = (outcome.State, outcome.Stable, outcome.Candidate);
        foreach (var revision in outcome.Revisions)
        {
            _known[revision.Id] = revision;
        }

        _orders.RemoveAll(o => outcome.Answers.Any(a => a.Order == o.Id));
    }

    /// <summary>A user's mark after the turn.</summary>
    public static RolloutMark? MarkAfter(RolloutOutcome outcome, Guid user, RolloutMark? before) =>
        outcome.Marks.FirstOrDefault(m => m.UserId == user) ?? (outcome.UnmarkAll || outcome.Unmarked.Contains(user) ? null : before);
}
