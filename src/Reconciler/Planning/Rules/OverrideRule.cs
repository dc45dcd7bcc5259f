using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>An override that is not valid stops everything for this one user; a machine that runs goes on running.</summary>
internal static class OverrideRule
{
    public static Plan? Plan(PlanDraft draft) => draft.Desired.OverrideProblem is { } problem
        ? draft.Blocked(Reasons.InvalidOverride, $"{problem}; correct user_fly_apps.spec of this user")
        : null;
}
