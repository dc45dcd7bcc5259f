namespace Reconciler.Rollouts;

/// <summary>What the configuration asks for, against what is stable and what is being rolled out.</summary>
internal static class WishStep
{
    public static void Take(RolloutDraft draft)
    {
        // Trouble with the image or the key is no wish: what is under way waits, what is not does not begin.
        if (draft.Input is not { Wish: { } wish, WishProblem: null })
        {
            if (draft.State.Phase == RolloutPhase.Idle && draft.Input.Wish?.Id != draft.Stable.Id)
            {
                draft.State = draft.State with { Why = draft.Input.WishProblem is { } problem ? $"waits: {problem}" : null };
            }

            return;
        }

        var rolling = draft.State.Phase is RolloutPhase.Rolling or RolloutPhase.Soaking;
        if (wish.Id == draft.Stable.Id)
        {
            if (rolling)
            {
                RevertStep.Begin(draft, "the configuration asks for the stable revision again", isBad: false);
            }
            else if (draft.State.Phase == RolloutPhase.Idle && draft.State.Why is not null)
            {
                draft.State = draft.State with { Why = null };
            }

            return;
        }

        if (draft.Known(wish.Id) is { Verdict: "bad" } bad)
        {
            var why = $"revision {wish.Id} was tried and is bad: {bad.Evidence}; change it, or `reconciler rollout retry`";
            if (rolling)
            {
                RevertStep.Begin(draft, why, isBad: false);
            }
            else if (draft.State.Phase == RolloutPhase.Idle)
            {
                draft.State = draft.State with { Why = why };
            }

            return;
        }

        if (wish.Id == draft.Candidate?.Id || draft.State.Phase == RolloutPhase.Reverting)
        {
            return; // on its way; or the way back comes first: it mends those who are broken
        }

        Begin(draft, wish);
    }

    /// <summary>Whoever was moved to an earlier candidate goes straight to this one when its turn comes.</summary>
    private static void Begin(RolloutDraft draft, Revision wish)
    {
        var kinds = Changes.Words(Changes.Between(draft.Stable, wish));
        var superseded = draft.Candidate is { } earlier ? $"; it takes the place of {earlier.Id}" : "";
        draft.Record(wish, "unknown", null, $"the configuration: {kinds}");
        draft.Begin(wish);
        draft.Phase(RolloutPhase.Soaking, -1);
        draft.State = draft.State with { SoakUntil = draft.Now };
        draft.Tell("started", wish.Id, RolloutPlanner.Self, $"{kinds} differs from {draft.Stable.Id}: {wish.ImageLabel}{superseded}");
    }
}
