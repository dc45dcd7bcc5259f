using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// The pure function at the centre: what is desired, what is observed and the instant, in; what to do, and why, out.
/// No I/O, no clock, no randomness. The rules stand in the files beside this one, in the order in which they are asked.
/// </summary>
internal static class Planner
{
    public static Plan Plan(Snapshot snapshot)
    {
        var assessment = Assessor.Assess(snapshot);
        var draft = new PlanDraft(snapshot, assessment);
        if (snapshot.Desired.Paused)
        {
            return draft.Blocked(Reasons.Paused, $"paused: {snapshot.Desired.PauseReason ?? "no reason given"}");
        }

        var plan = FormerAppRule.Remove(draft)
            ?? (snapshot.Desired.Phase == Phase.Run ? OneAtATime(draft, PlanRun(draft)) : DeprovisionRule.Plan(draft));
        return plan.Verdict is Verdict.Settled or Verdict.Blocked ? FormerAppRule.Tidy(draft) ?? plan : plan;
    }

    private static Plan PlanRun(PlanDraft draft) =>
        OverrideRule.Plan(draft)
        ?? AppRule.Plan(draft)
        ?? DuplicateRule.Plan(draft)
        ?? PrerequisiteRule.Plan(draft)
        ?? MissingMachineRule.Plan(draft)
        ?? TroubleRule.Plan(draft)
        ?? ReplaceRule.Plan(draft)
        ?? UpdateRule.Plan(draft)
        ?? PowerRule.Plan(draft)
        ?? HealthRule.Plan(draft)
        ?? SettledRule.Plan(draft);

    /// <summary>Nothing is made or started while another machine of the user may still be running.</summary>
    private static Plan OneAtATime(PlanDraft draft, Plan plan)
    {
        var starts = plan.Steps.Any(s => s is Step.CreateMachine or Step.StartMachine);
        if (!starts && !(draft.Elected?.MayRun() != true && plan.Steps.Any(s => s is Step.UpdateMachine)))
        {
            return plan;
        }

        return starts && DuplicateRule.IsLeaving(draft)
            ? draft.WaitBefore(plan, Reasons.DuplicateMachine, "another machine is on its way out; nothing is started before it is gone")
            : FormerAppRule.InTheWay(draft, plan) ?? plan;
    }
}
