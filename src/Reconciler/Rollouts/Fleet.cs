using System.Security.Cryptography;
using System.Text;
using Store;

namespace Reconciler.Rollouts;

/// <summary>The users of a rollout: whom it is for, in which order, and how many of them it has down.</summary>
internal static class Fleet
{
    /// <summary>Whom the rollout is for. A user who is being provisioned, is paused, or has an image of its own while only the image
    /// changes, is not in anybody's way and gets the revision when it is the stable one.</summary>
    public static List<UserFacts> For(RolloutDraft draft)
    {
        var onlyImage = draft.Candidate is { } candidate && Changes.Between(draft.Stable, candidate) == ChangeKinds.Image;
        return [.. draft.Input.Users.Where(u => u.Row.Entitled && (IsMoved(draft, u) || (IsReady(u) && !(onlyImage && u.Row.OwnImage))))];
    }

    private static bool IsReady(UserFacts user) => user.Row is { Paused: false, MachineId: not null, Status: "active" or "error" };

    /// <summary>A machine that is being replaced for the rollout, or for the one before, is still the rollout's: its user may wait for an
    /// image that is gone, and nobody else moves as long as it does.</summary>
    private static bool IsMoved(RolloutDraft draft, UserFacts user) =>
        draft.MarkOf(user.Row.UserId) is { Verdict: not "skipped" };

    /// <summary>Named users first, then who was moved already (twice is once too often for a second user), then by hash: the same
    /// order in every process, another one for each revision, so that it is not always the same user's turn.</summary>
    public static IEnumerable<UserFacts> InOrder(RolloutDraft draft, IEnumerable<UserFacts> users, bool isCanary)
    {
        var named = draft.Strategy.CanaryUsers;
        var candidate = draft.Candidate!.Id;
        return users
            .OrderBy(u => isCanary ? Named(named, u) : 0)
            .ThenBy(u => isCanary ? u.IsUp ? 0 : 1 : u.IsUp ? 1 : 0)
            .ThenBy(u => draft.MarkOf(u.Row.UserId) is null ? 1 : 0)
            .ThenBy(u => Hash(candidate, u.Row.UserId))
            .ThenBy(u => u.Row.UserId);
    }

    /// <summary>Whom the rollout costs the service now: on the way from a machine that worked, or failed and not back yet. Who does not
    /// come back in time has another trouble by then, and must not hold up everybody else for ever.</summary>
    public static bool Costs(RolloutDraft draft, UserFacts user) => draft.MarkOf(user.Row.UserId) is { WasDown: false } mark
        && (mark.Verdict == "pending"
            || (mark.Verdict == "failed" && !user.IsUp && draft.Now.UtcDateTime - mark.DeadlineFrom <= draft.Strategy.UserDeadline));

    public static int Down(RolloutDraft draft) => draft.Input.Users.Count(u => Costs(draft, u));

    public static RolloutCount Count(RolloutDraft draft)
    {
        if (draft.Candidate is null)
        {
            return RolloutCount.Nobody;
        }

        var to = draft.State.Phase is RolloutPhase.Reverting or RolloutPhase.RevertFailed ? draft.Stable.Id : draft.Candidate.Id;
        var marks = draft.Marks.Where(m => m.Revision == to).ToLookup(m => m.Verdict);
        var fleet = For(draft).Count;
        return new RolloutCount(
            fleet,
            marks["good"].Count(),
            marks["pending"].Count(),
            marks["failed"].Count(),
            marks["skipped"].Count(),
            Down(draft),
            RollStep.Target(draft, fleet));
    }

    private static int Named(IReadOnlyList<string> named, UserFacts user)
    {
        for (var i = 0; i < named.Count; i++)
        {
            if (named[i] == user.Row.AppName || named[i].Equals(user.Row.UserId.ToString(), StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return named.Count;
    }

    private static string Hash(string revision, Guid userId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{revision}/{userId}")).AsSpan(0, 8));
}
