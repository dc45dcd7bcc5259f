using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>What must be known before a machine is made or changed: the image exists, the service key is good, the app has its secrets.</summary>
internal static class PrerequisiteRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        if (draft.Spec is not { } spec)
        {
            return Problem(draft);
        }

        if (draft.Memory.Secrets?.SetDigest == spec.SecretsDigest && draft.Prefix.All(s => s is not Step.CreateApp))
        {
            return null;
        }

        if (draft.Snapshot.Policy.Secrets.SetProblem is not null)
        {
            return WithoutGoodKey(draft);
        }

        draft.Before(
            Reasons.SecretsStale,
            new Step.SetSecrets(draft.App, draft.Snapshot.Policy.Secrets.Names, spec.SecretsDigest, Reasons.SecretsStale));
        return null;
    }

    /// <summary>
    /// The app has none of our secrets and may not get them now. A machine keeps what it booted with, and is not changed: an
    /// update would take away what an older way of deploying wrote into its plain environment. A user without one has to wait.
    /// </summary>
    private static Plan? WithoutGoodKey(PlanDraft draft)
    {
        if (draft.Elected is null)
        {
            return Problem(draft);
        }

        if (draft.Assessment.Drifts.Count == 0 && draft.Elected.State != MachineStates.Failed)
        {
            return null;
        }

        var canBeStarted = draft.Elected.State is MachineStates.Stopped or MachineStates.Suspended or MachineStates.Created;
        return TroubleRule.Plan(draft) ?? (canBeStarted ? PowerRule.Plan(draft) : null) ?? Problem(draft);
    }

    /// <summary>The plan that waits for what is missing, or null when nothing is.</summary>
    public static Plan? Problem(PlanDraft draft)
    {
        if (draft.Spec is null)
        {
            return draft.Blocked(
                Reasons.ImageUnresolved,
                draft.Snapshot.Policy.Image.Problem ?? "the image of this user's override is not resolved yet",
                TimeSpan.FromSeconds(30));
        }

        return draft.Snapshot.Policy.Secrets.SetProblem is { } problem && draft.Memory.Secrets is null
            ? draft.Blocked(Reasons.ServiceKeyInvalid, problem, TimeSpan.FromMinutes(1))
            : null;
    }
}
