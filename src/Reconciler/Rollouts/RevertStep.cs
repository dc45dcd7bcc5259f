namespace Reconciler.Rollouts;

/// <summary>Back: whoever was moved returns to the stable revision, the broken ones first and at once, without a canary.</summary>
internal static class RevertStep
{
    /// <param name="draft">The turn.</param>
    /// <param name="why">The evidence, or who wants it.</param>
    /// <param name="isBad">Whether the candidate is not to be tried again.</param>
    public static void Begin(RolloutDraft draft, string why, bool isBad)
    {
        var candidate = draft.Candidate!;
        if (isBad)
        {
            draft.Record(candidate, "bad", why, RolloutPlanner.Self);
        }

        draft.Tell("reverting", candidate.Id, RolloutPlanner.Self, why);
        draft.Phase(RolloutPhase.Reverting, draft.State.Wave, why);
    }

    /// <summary>After a person has looked: those who did not come back are tried once more.</summary>
    public static void Again(RolloutDraft draft)
    {
        TryAgain(draft, draft.Stable.Id);
        draft.Phase(RolloutPhase.Reverting, draft.State.Wave, draft.State.Why);
    }

    /// <summary>Whoever is on the revision and not good is judged anew, from now on.</summary>
    public static void TryAgain(RolloutDraft draft, string revision)
    {
        foreach (var mark in draft.Marks.Where(m => m.Revision == revision && m.Verdict != "good").ToList())
        {
            draft.Mark(mark with
            {
                Verdict = "pending", Why = "tried again", DeadlineFrom = draft.Now.UtcDateTime, AdmittedAt = draft.Now.UtcDateTime,
            });
            draft.Force(mark.UserId);
        }
    }

    public static void Take(RolloutDraft draft)
    {
        var back = draft.Stable.Id;
        if (draft.Marks.FirstOrDefault(m => m.Revision == back && m.Verdict == "failed") is { } failed)
        {
            Fail(draft, $"user {failed.UserId} does not get well on {back}, either: {failed.Why}");
            return;
        }

        if (draft.Now - draft.State.MovedAt > draft.Strategy.UserDeadline + draft.Input.StuckAfter
            && draft.Marks.FirstOrDefault(m => m.Verdict == "pending") is { } stands)
        {
            Fail(draft, $"the way back does not end: user {stands.UserId}: {stands.Why}");
            return;
        }

        var away = draft.Input.Users.Where(u => draft.MarkOf(u.Row.UserId) is { } m && m.Revision != back).ToList();
        if (away.Count > 0 && !draft.Input.StableSecretsKnown && draft.Stable.SecretsDigest != draft.Candidate!.SecretsDigest)
        {
            Fail(draft, $"the secrets of {back} are not in the configuration any more: give the old values in the variables that end in _PREVIOUS, then `reconciler rollout retry`");
            return;
        }

        // The broken ones first: nobody who works is taken down while they are more than are allowed.
        var room = new Room(draft, draft.Strategy.UnavailableAtOnce(isCanary: false, Fleet.For(draft).Count), back);
        foreach (var user in away.OrderBy(u => u.IsUp ? 1 : 0).ThenBy(u => u.Row.UserId))
        {
            if (room.TryTake(user))
            {
                draft.Move(user, draft.Stable, draft.MarkOf(user.Row.UserId)!.Wave);
            }
        }

        if (away.Count == 0 && draft.Marks.All(m => m.Verdict != "pending"))
        {
            draft.Tell("reverted", draft.Candidate!.Id, RolloutPlanner.Self, $"everybody is back on {back}: {draft.State.Why}");
            var why = draft.Known(draft.Candidate.Id) is { Verdict: "bad" } ? draft.State.Why : null;
            draft.Settle(draft.Stable);
            draft.State = draft.State with { Why = why };
        }
    }

    private static void Fail(RolloutDraft draft, string why)
    {
        draft.Tell("revert_failed", draft.Candidate!.Id, RolloutPlanner.Self, why);
        draft.Phase(RolloutPhase.RevertFailed, draft.State.Wave, why);
    }
}
