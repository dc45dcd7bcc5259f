using Store;

namespace Reconciler.Rollouts;

/// <summary>How it went with those who were moved.</summary>
internal static class MarkStep
{
    public static void Take(RolloutDraft draft)
    {
        var stoodStill = StandsStill(draft);
        foreach (var user in draft.Input.Users)
        {
            if (draft.MarkOf(user.Row.UserId) is not { } mark)
            {
                continue;
            }

            if (!user.Row.Entitled)
            {
                draft.Unmark(mark.UserId); // gone, or going: nothing of it is anybody's canary
            }
            else if (CameUp(user, mark) && user is { Memory.Pending: null } && user.Row.Runs == draft.Stable.Id && !HasRoom(draft))
            {
                draft.Unmark(mark.UserId); // as if it had not been moved: its turn comes when there is room
                draft.Look(mark.UserId);
            }
            else if (HadNoWayBack(draft, mark))
            {
                LookAgain(draft, user, mark);
            }
            else if (IsOpen(draft, mark))
            {
                Judge(draft, user, CameUp(user, mark) ? mark with { WasDown = false } : mark);
            }
        }

        if (stoodStill && !StandsStill(draft))
        {
            draft.Phase(RolloutPhase.Reverting, draft.State.Wave, draft.State.Why); // the last one has come back, or has left
        }
    }

    /// <summary>A way back that failed, or did not end, because of its users: it goes on when none of them is in its way any more.</summary>
    private static bool StandsStill(RolloutDraft draft) =>
        draft.State.Phase == RolloutPhase.RevertFailed && draft.Marks.Any(m => m.Verdict == "pending" || HadNoWayBack(draft, m));

    /// <summary>Who is good may still turn out to be crash-looping as long as others are to follow.</summary>
    private static bool IsOpen(RolloutDraft draft, RolloutMark mark) =>
        mark.Verdict == "pending" || (mark.Verdict == "good" && mark.Revision == draft.Candidate?.Id);

    private static bool HadNoWayBack(RolloutDraft draft, RolloutMark mark) =>
        mark.Verdict == "failed" && mark.Revision == draft.Stable.Id && draft.State.Phase == RolloutPhase.RevertFailed;

    /// <summary>It may have come back after all: what was in its way has gone, or an operator's second try was judged by what the row still
    /// said of the first.</summary>
    private static void LookAgain(RolloutDraft draft, UserFacts user, RolloutMark mark)
    {
        var judgement = Rollouts.Judge.Of(user, mark, Limits(draft, mark));
        switch (judgement.Finding)
        {
            case Finding.Good:
                Set(draft, mark with { Verdict = "good", Why = judgement.Why }, judgement.Class);
                break;
            case Finding.Proving:
                Prove(draft, mark, judgement);
                break;
            default:
                break; // as it was told
        }
    }

    /// <summary>Moved for nothing, because it was down, and up again before the move got to its machine, or was seen to: what takes it
    /// down now is the rollout, which counts it before it moves anybody else.</summary>
    private static bool CameUp(UserFacts user, RolloutMark mark) =>
        mark is { Verdict: "pending", WasDown: true } && user.IsUp && user.Row.Runs != mark.Revision;

    private static bool HasRoom(RolloutDraft draft) =>
        Fleet.Down(draft) < draft.Strategy.UnavailableAtOnce(draft.State.Wave == 0, Fleet.For(draft).Count);

    private static void Judge(RolloutDraft draft, UserFacts user, RolloutMark mark)
    {
        var judgement = Rollouts.Judge.Of(user, mark, Limits(draft, mark));
        if (mark.Verdict == "good")
        {
            if (judgement.Finding == Finding.Failed)
            {
                Fail(draft, mark, judgement);
            }

            return;
        }

        switch (judgement.Finding)
        {
            case Finding.Good:
                Set(draft, mark with { Verdict = "good", Why = judgement.Why }, judgement.Class);
                break;
            case Finding.Failed:
                Fail(draft, mark, judgement);
                break;
            case Finding.Skipped:
                Set(draft, mark with { Verdict = "skipped", Why = judgement.Why, ProvingSince = null }, judgement.Class);
                break;
            case Finding.Proving:
                Prove(draft, mark, judgement);
                break;
            default:
                draft.Mark(Hindered(draft, mark with { ProvingSince = null, Why = judgement.Why }, judgement));
                break;
        }
    }

    private static JudgeLimits Limits(RolloutDraft draft, RolloutMark mark)
    {
        var strategy = draft.Strategy;
        // What stands stuck is replaced only after a while; going back must not be given up before.
        var deadline = draft.State.Phase == RolloutPhase.Reverting ? strategy.UserDeadline + draft.Input.StuckAfter : strategy.UserDeadline;
        return new JudgeLimits(draft.Now, deadline, strategy.MinHealthyTime, draft.Input.SeenGoodAt(mark.UserId), draft.Input.LeadingSince);
    }

    private static void Set(RolloutDraft draft, RolloutMark mark, string @class)
    {
        draft.Mark(mark);
        draft.Judged(@class);
    }

    private static void Fail(RolloutDraft draft, RolloutMark mark, Judgement judgement) => Set(
        draft,
        mark with { Verdict = "failed", Why = judgement.Why, ProvingSince = null, DeadlineFrom = draft.Now.UtcDateTime },
        judgement.Class);

    private static void Prove(RolloutDraft draft, RolloutMark mark, Judgement judgement)
    {
        var since = mark.ProvingSince is { } before && before <= draft.Now.UtcDateTime ? before : draft.Now.UtcDateTime; // a clock may have gone back
        draft.Mark(mark with { ProvingSince = since, Why = judgement.Why });
        if (draft.Now.UtcDateTime - since >= draft.Strategy.MinHealthyTime)
        {
            draft.Look(mark.UserId);
        }
    }

    /// <summary>The deadline stands still while the world is in the way. Written down seldom: every write is one.</summary>
    private static RolloutMark Hindered(RolloutDraft draft, RolloutMark mark, Judgement judgement)
    {
        if (mark.DeadlineFrom > draft.Now.UtcDateTime)
        {
            return mark with { DeadlineFrom = draft.Now.UtcDateTime }; // the clock went back
        }

        var isDue = draft.Now.UtcDateTime - mark.DeadlineFrom > draft.Strategy.UserDeadline / 2;
        return judgement.Finding == Finding.Hindered && judgement.Class != "host" && !mark.WasDown && isDue
            ? mark with { DeadlineFrom = draft.Now.UtcDateTime }
            : mark;
    }
}
