using Reconciler.Model;
using Store;

namespace Reconciler.Rollouts;

/// <summary>One look at the database, as the planner wants it, and the planner's answer as the database wants it.</summary>
internal sealed record RolloutReader(RolloutBoard Board, Revision? Wish, RolloutState? State, RolloutMemory Memory)
{
    public static async Task<RolloutReader> ReadAsync(
        IStore store, FleetPolicy policy, RolloutMemory memory, CancellationToken cancellationToken)
    {
        var wish = memory.WishOf(policy);
        var board = await store.ReadRolloutAsync(wish?.Id, withUsers: false, cancellationToken);
        var state = board.Version == 0 ? null : memory.StateOf(board.State);
        if (state is not null && RolloutInput.NeedsUsers(state, board, wish, policy.Image.Problem is null && policy.Secrets.Problem is null))
        {
            board = await store.ReadRolloutAsync(wish?.Id, withUsers: true, cancellationToken);
            state = board.Version == 0 ? null : memory.StateOf(board.State);
        }

        return new RolloutReader(board, wish, state, memory);
    }

    public RolloutInput Input(
        FleetPolicy policy,
        Func<string, bool> knows,
        Func<Guid, string, bool> acts,
        string? hold,
        Func<Guid, DateTimeOffset?> seenGoodAt,
        RolloutSettings settings,
        DateTimeOffset leadingSince,
        DateTimeOffset now,
        TimeSpan stuckAfter)
    {
        var known = Board.Revisions.ToDictionary(r => r.Id, StringComparer.Ordinal);
        var stable = Board.Stable is { } id ? Memory.RevisionOf(known[id]) : null;
        return new RolloutInput
        {
            State = State,
            // Equal content with a newer label or reference is the same revision.
            Stable = stable is not null && stable.Id == Wish?.Id ? Wish : stable,
            Candidate = Board.Candidate is { } candidate ? Memory.RevisionOf(known[candidate]) : null,
            Wish = Wish,
            WishProblem = policy.Image.Problem ?? policy.Secrets.Problem ?? hold,
            Known = known,
            StableSecretsKnown = stable is null || knows(stable.SecretsDigest),
            // Whom we only observe is moved by nobody: as if paused.
            Users = [.. Board.Users.Select(u => UserFacts.Of(acts(u.UserId, u.Tier) ? u : u with { Paused = true }, now))],
            Orders = Board.Orders,
            SeenGoodAt = seenGoodAt,
            Settings = settings,
            LeadingSince = leadingSince,
            Now = now,
            StuckAfter = stuckAfter,
        };
    }

    /// <summary>Null when there is nothing to write: a fleet at rest costs no write.</summary>
    public RolloutWrite? WriteOf(RolloutOutcome outcome)
    {
        var same = State is not null && outcome.State == State && outcome.Stable.Id == Board.Stable && outcome.Candidate?.Id == Board.Candidate
            && outcome is { UnmarkAll: false, Revisions.Count: 0, Marks.Count: 0, Unmarked.Count: 0, Entries.Count: 0, Answers.Count: 0 };
        return same ? null : new RolloutWrite
        {
            Expected = Board.Version,
            Stable = outcome.Stable.Id,
            Candidate = outcome.Candidate?.Id,
            State = RolloutJson.Write(outcome.State),
            Revisions = outcome.Revisions,
            Marks = outcome.Marks,
            Unmarked = outcome.Unmarked,
            UnmarkAll = outcome.UnmarkAll,
            Entries = outcome.Entries,
            Answers = outcome.Answers,
        };
    }
}
