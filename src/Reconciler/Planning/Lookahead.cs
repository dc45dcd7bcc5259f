using Reconciler.Model;
using Store;

namespace Reconciler.Planning;

/// <summary>
/// A machine that is taken over is changed in the next plan, when it is elected. Whoever only looks never gets there, so what would
/// follow is planned on what the first plan would have written. Pure; nothing acts on it.
/// </summary>
internal static class Lookahead
{
    /// <summary>The plan, followed by the next one where the first only records what exists.</summary>
    public static Plan Whole(Snapshot snapshot, Plan plan)
    {
        var elected = plan.Steps.OfType<Step.ElectMachine>().LastOrDefault(s => s.MachineId is not null);
        if (elected is null || !plan.Steps.All(s => s is Step.ElectMachine or Step.TakeOwnership or Step.CloseIntents))
        {
            return plan;
        }

        var user = snapshot.User with
        {
            MachineId = elected.MachineId,
            Ownership = snapshot.User.Ownership is { ReleasedAt: null } owned
                ? owned
                : new Ownership(snapshot.Desired.AppName, snapshot.Desired.UserId, OwnershipOrigin.Adopted, snapshot.Now.UtcDateTime, null),
        };
        var next = Planner.Plan(snapshot with
        {
            User = user,
            Observed = snapshot.Observed with { App = AppPresence.Ours },
            Memory = plan.Memory,
        });
        return next.Verdict == Verdict.Settled
            ? plan
            : plan with
            {
                Message = $"{plan.Message}; then: {next.Message}",
                Steps = [.. plan.Steps, .. next.Steps],
                Drifts = [.. plan.Drifts, .. next.Drifts],
            };
    }
}
