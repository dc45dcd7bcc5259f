using Store;

namespace Reconciler.Rollouts;

/// <summary>
/// What a rollout does next: who is moved to the candidate, who goes back, and why nothing moves. Pure: orders first, then what the
/// configuration asks for, then how it went with those who were moved, then the next move.
/// </summary>
internal static class RolloutPlanner
{
    public const string Self = "the controller";

    /// <summary>Null when there is nothing to decide on yet: no image was ever known.</summary>
    public static RolloutOutcome? Next(RolloutInput input)
    {
        if (input.State is not { } state || input.Stable is not { } stable)
        {
            return First(input);
        }

        var draft = new RolloutDraft(input, state, stable);
        Orders.Take(draft);
        WishStep.Take(draft);
        MarkStep.Take(draft);
        switch (draft.State.Phase)
        {
            case RolloutPhase.Rolling or RolloutPhase.Soaking:
                RollStep.Take(draft);
                break;
            case RolloutPhase.Reverting:
                RevertStep.Take(draft);
                break;
        }

        return draft.Finish(Fleet.Count(draft));
    }

    /// <summary>A fleet's first revision has nobody to be protected from it: it is simply the stable one.</summary>
    private static RolloutOutcome? First(RolloutInput input)
    {
        if (input.Wish is not { } wish)
        {
            return null;
        }

        var draft = new RolloutDraft(input with { Users = [] }, RolloutState.At(input.Now), wish);
        draft.Record(wish, "unknown", null, Self);
        draft.Tell("first", wish.Id, Self, $"the fleet's first revision: {wish.ImageLabel}");
        foreach (var order in input.Orders)
        {
            draft.Answer(order, "there is no rollout yet");
        }

        return draft.Finish(RolloutCount.Nobody);
    }
}
