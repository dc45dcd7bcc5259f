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

        if (!draft.Snapshot.Policy.Secrets.Usable)
        {
            // A running machine keeps what it booted with; a user without one has to wait for a good key.
            return draft.Elected is null ? Problem(draft) : null;
        }

        draft.Before(
            Reasons.SecretsStale,
            new Step.SetSecrets(draft.App, draft.Snapshot.Policy.Secrets.Names, spec.SecretsDigest, Reasons.SecretsStale));
        return null;
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

        return draft.Snapshot.Policy.Secrets.Problem is { } problem && draft.Memory.Secrets is null
            ? draft.Blocked(Reasons.ServiceKeyInvalid, problem, TimeSpan.FromMinutes(1))
            : null;
    }
}
