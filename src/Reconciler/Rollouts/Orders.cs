using Store;

namespace Reconciler.Rollouts;

/// <summary>What operators asked for, oldest first. Each gets an answer, once.</summary>
internal static class Orders
{
    public static void Take(RolloutDraft draft)
    {
        if (draft.State.Pause is { Until: { } until } && until <= draft.Now)
        {
            draft.State = draft.State with { Pause = null };
            draft.Tell("pause_ended", Subject(draft), RolloutPlanner.Self, "the pause's time is over");
        }

        foreach (var order in draft.Input.Orders)
        {
            var answer = order.Ask.Kind switch
            {
                "pause" => Pause(draft, order.Ask),
                "resume" => Resume(draft),
                "promote" => Promote(draft),
                "abort" => Abort(draft, order.Ask),
                "retry" => Retry(draft),
                _ => null,
            };
            draft.Answer(order, answer ?? "there is nothing to " + order.Ask.Kind);
            if (answer is not null)
            {
                draft.Tell(order.Ask.Kind, Subject(draft), order.Ask.Owner, order.Ask.Reason);
            }
        }
    }

    private static string Subject(RolloutDraft draft) => (draft.Candidate ?? draft.Input.Wish ?? draft.Stable).Id;

    /// <summary>A pause keeps anybody from being moved forward; going back goes on.</summary>
    private static string? Pause(RolloutDraft draft, RolloutAsk ask)
    {
        DateTimeOffset? until = ask.Until is { } utc ? new DateTimeOffset(utc, TimeSpan.Zero) : null;
        if (until <= draft.Now)
        {
            return null;
        }

        draft.State = draft.State with { Pause = new RolloutPause(ask.Owner, ask.Reason, until) };
        return "paused";
    }

    private static string? Resume(RolloutDraft draft)
    {
        if (draft.State.Pause is null)
        {
            return null;
        }

        draft.State = draft.State with { Pause = null };
        return "resumed";
    }

    private static string? Promote(RolloutDraft draft)
    {
        if (draft is { State.Phase: RolloutPhase.RevertFailed, Input.Wish: { } wish } && wish.Id != draft.Stable.Id)
        {
            Forward(draft, wish);
            return $"promoted: everybody goes forward to {wish.Id}";
        }

        if (draft.State is not { Phase: RolloutPhase.Rolling or RolloutPhase.Soaking, Promoted: false })
        {
            return null;
        }

        draft.State = draft.State with { Promoted = true };
        return "promoted: no canary, wave, soak or window is waited for any more";
    }

    /// <summary>There may be no way back: the old image is gone, or its secrets. Then forward is the only way, and what failed before is
    /// looked at afresh.</summary>
    private static void Forward(RolloutDraft draft, Revision wish)
    {
        draft.Record(wish, "unknown", null, RolloutPlanner.Self);
        draft.Begin(wish);
        draft.Phase(RolloutPhase.Rolling, draft.Strategy.Waves.Count);
        draft.State = draft.State with { Promoted = true };
        RevertStep.TryAgain(draft, wish.Id);
    }

    private static string? Abort(RolloutDraft draft, RolloutAsk ask)
    {
        if (draft.State.Phase is not (RolloutPhase.Rolling or RolloutPhase.Soaking))
        {
            return null;
        }

        RevertStep.Begin(draft, $"aborted by {ask.Owner}: {ask.Reason}", isBad: true);
        return "aborted: whoever was moved goes back";
    }

    private static string? Retry(RolloutDraft draft)
    {
        if (draft.State.Phase == RolloutPhase.RevertFailed)
        {
            RevertStep.Again(draft);
            return "the revert is tried again";
        }

        if (draft.Input.Wish is not { } wish || draft.Known(wish.Id) is not { Verdict: "bad" } || draft.State.Phase != RolloutPhase.Idle)
        {
            return null;
        }

        draft.Record(wish, "unknown", null, RolloutPlanner.Self);
        return $"revision {wish.Id} is tried again, from the canary on";
    }
}
