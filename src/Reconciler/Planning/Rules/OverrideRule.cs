using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// An override that is not valid stops everything for this one user but one thing: two machines are too many whatever the
/// override says. A machine that runs goes on running.
/// </summary>
internal static class OverrideRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        if (draft.Desired.OverrideProblem is not { } problem)
        {
            return null;
        }

        return (draft.Observed is { App: AppPresence.Ours, Machines.Count: > 1 } ? DuplicateRule.Plan(draft) : null)
            ?? draft.Blocked(Reasons.InvalidOverride, $"{problem}; correct user_fly_apps.spec of this user");
    }
}
