namespace Reconciler.Rollouts;

/// <summary>Forward: the next wave, the next users of a wave, or the end.</summary>
internal static class RollStep
{
    public static void Take(RolloutDraft draft)
    {
        var candidate = draft.Candidate!;
        if (Failures(draft) is { } evidence)
        {
            RevertStep.Begin(draft, evidence, isBad: true);
            RevertStep.Take(draft);
            return;
        }

        RepairWithoutSecrets(draft);
        if (Blocked(draft) is { } why)
        {
            draft.State = draft.State with { Why = why };
            return;
        }

        var fleet = Fleet.For(draft);
        if (!fleet.Exists(u => IsToMove(draft, u) || IsOnWay(draft, u)))
        {
            Done(draft, candidate);
            return;
        }

        if (draft.State.Phase == RolloutPhase.Soaking || (draft.State.Promoted && draft.State.Wave < LastWave(draft)))
        {
            if (WaitsFor(draft) is { } waits)
            {
                draft.State = draft.State with { Why = waits };
                return;
            }

            BeginWave(draft, NextWave(draft, fleet.Count));
        }

        Roll(draft, fleet);
    }

    /// <summary>How many users the present wave brings onto the candidate, all waves before included.</summary>
    public static int Target(RolloutDraft draft, int fleet)
    {
        if (draft.State.Wave < 0)
        {
            return 0;
        }

        var strategy = draft.Strategy;
        var share = draft.State.Wave == 0 ? 0 : strategy.Waves[Math.Min(draft.State.Wave, strategy.Waves.Count) - 1];
        return Math.Min(fleet, Math.Max(strategy.CanaryCount, (int)Math.Ceiling(share * fleet)));
    }

    private static int LastWave(RolloutDraft draft) => draft.Strategy.Waves.Count;

    /// <summary>A fleet of one is no place for a canary.</summary>
    private static int NextWave(RolloutDraft draft, int fleet) =>
        draft.State.Promoted || fleet <= 1 ? LastWave(draft)
        : draft.State.Wave < 0 && draft.Strategy.CanaryCount == 0 ? 1
        : draft.State.Wave + 1;

    /// <summary>The evidence that the revision is bad; null while there is not enough.</summary>
    private static string? Failures(RolloutDraft draft)
    {
        var all = draft.Marks.Where(m => m.Verdict == "failed" && m.Revision == draft.Candidate!.Id).ToList();
        var canary = all.FindAll(m => m.Wave == 0); // however late it fails: it has run the revision the longest
        var (failed, tolerated) = canary.Count > 0 ? (canary, 0) : (all.FindAll(m => m.Wave == draft.State.Wave), draft.Strategy.FailureThreshold);
        var nobodyIsGood = failed.Count > 0 && !draft.Marks.Any(m => m.Revision == draft.Candidate!.Id && m.Verdict is ("good" or "pending"));
        return failed.Count > tolerated || nobodyIsGood ? $"{failed.Count} user(s) failed, {failed[0].UserId} first: {failed[0].Why}" : null;
    }

    private static string? Blocked(RolloutDraft draft) =>
        draft.State.Pause is { } pause ? $"paused by {pause.Owner}: {pause.Reason}"
        : draft.Input.WishProblem is { } problem ? $"waits: {problem}"
        : draft.Input.Wish is null ? "waits: no image is known"
        : null;

    private static string? WaitsFor(RolloutDraft draft)
    {
        if (draft.State.Promoted)
        {
            return null;
        }

        // A clock that went back must not make a soak longer than it is.
        var left = draft.State.SoakUntil - draft.Now;
        if (left > draft.Strategy.Soak)
        {
            draft.State = draft.State with { SoakUntil = draft.Now + draft.Strategy.Soak };
        }

        return left > TimeSpan.Zero ? "soaks before the next wave"
            : !draft.Strategy.IsOpen(draft.Now) ? "waits for the next window"
            : null;
    }

    private static void BeginWave(RolloutDraft draft, int wave)
    {
        draft.Phase(RolloutPhase.Rolling, wave);
        draft.Tell("wave", draft.Candidate!.Id, RolloutPlanner.Self, wave == 0 ? "the canary begins" : $"wave {wave} of {LastWave(draft)} begins");
    }

    private static void Roll(RolloutDraft draft, List<UserFacts> fleet)
    {
        var isCanary = draft.State.Wave == 0;
        var allowed = draft.Strategy.UnavailableAtOnce(isCanary, fleet.Count);
        PutBackInLine(draft, fleet, Fleet.Down(draft) - allowed, isCanary);
        var room = new Room(draft, allowed, draft.Candidate!.Id);
        var wanted = Target(draft, fleet.Count) - fleet.Count(u => IsTouched(draft, u));
        foreach (var user in Fleet.InOrder(draft, fleet.Where(u => IsToMove(draft, u)), isCanary))
        {
            if (wanted <= 0)
            {
                break;
            }

            if (room.TryTake(user))
            {
                wanted--;
                draft.Move(user, draft.Candidate!, draft.State.Wave);
            }
        }

        var onWay = fleet.Where(u => IsOnWay(draft, u)).ToList();
        if (onWay.Count > 0)
        {
            draft.State = draft.State with { Why = WhyOf(draft, onWay) };
        }
        else if (wanted > 0 && !room.IsLeft && fleet.Exists(u => IsToMove(draft, u)))
        {
            draft.State = draft.State with { Why = "waits for users who failed or were moved before to work again" };
        }
        else if (wanted <= 0 || !fleet.Exists(u => IsToMove(draft, u)))
        {
            EndWave(draft);
        }
    }

    /// <summary>Whoever came up by itself on its way to an earlier revision, and never left the stable one, is as if it had not been moved:
    /// its turn comes when there is room.</summary>
    private static void PutBackInLine(RolloutDraft draft, List<UserFacts> fleet, int tooMany, bool isCanary)
    {
        var stranded = fleet.Where(u => u is { IsUp: true, Memory.Pending: null } && u.Row.Runs == draft.Stable.Id && Fleet.Costs(draft, u) && IsToMove(draft, u));
        foreach (var user in Fleet.InOrder(draft, stranded.ToList(), isCanary).Reverse().Take(Math.Max(0, tooMany)).ToList())
        {
            draft.Unmark(user.Row.UserId);
            draft.Look(user.Row.UserId);
        }
    }

    private static void EndWave(RolloutDraft draft)
    {
        draft.Phase(RolloutPhase.Soaking, draft.State.Wave, "soaks before the next wave");
        draft.State = draft.State with { SoakUntil = draft.Now + draft.Strategy.Soak };
    }

    /// <summary>Whoever has no machine and would need secrets that nobody has any more starts on the candidate.</summary>
    private static void RepairWithoutSecrets(RolloutDraft draft)
    {
        if (draft.Input.StableSecretsKnown)
        {
            return;
        }

        foreach (var user in draft.Input.Users.Where(u => u.Row is { Entitled: true, Paused: false, MachineId: null } && draft.MarkOf(u.Row.UserId) is null))
        {
            draft.Move(user, draft.Candidate!, Math.Max(1, draft.State.Wave));
            draft.Mark(draft.MarkOf(user.Row.UserId)! with
            {
                Verdict = "skipped", Why = "has no machine, and the secrets of the stable revision are not in the configuration any more",
            });
        }
    }

    private static void Done(RolloutDraft draft, Revision candidate)
    {
        draft.Record(candidate, "good", null, RolloutPlanner.Self);
        draft.Tell("done", candidate.Id, RolloutPlanner.Self, $"everybody has it: {candidate.ImageLabel}");
        draft.Settle(candidate);
    }

    private static bool IsToMove(RolloutDraft draft, UserFacts user) => draft.MarkOf(user.Row.UserId)?.Revision != draft.Candidate!.Id;

    private static bool IsTouched(RolloutDraft draft, UserFacts user) =>
        draft.MarkOf(user.Row.UserId) is { } mark && mark.Revision == draft.Candidate!.Id && mark.Verdict != "skipped";

    private static bool IsOnWay(RolloutDraft draft, UserFacts user) =>
        draft.MarkOf(user.Row.UserId) is { Verdict: "pending" } mark && mark.Revision == draft.Candidate!.Id;

    /// <summary>Told only when it is the world: a rollout that moves needs no explanation.</summary>
    private static string? WhyOf(RolloutDraft draft, List<UserFacts> onWay)
    {
        var hindered = onWay.FirstOrDefault(u => draft.MarkOf(u.Row.UserId) is { } m && u.Row.LastErrorClass is not null && m.Why.Length > 0);
        return hindered is null ? null : $"waits for user {hindered.Row.UserId}: {draft.MarkOf(hindered.Row.UserId)!.Why}";
    }
}
