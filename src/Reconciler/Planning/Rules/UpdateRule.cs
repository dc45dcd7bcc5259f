using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Drift that an in-place update repairs; metadata alone is repaired without a restart.</summary>
internal static class UpdateRule
{
    /// <summary>A spec that Fly rolled back by itself is tried again after this long, doubled each time (the host's fault more often than the image's).</summary>
    private static readonly TimeSpan SilentRollbackBase = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SilentRollbackCap = TimeSpan.FromHours(1);

    public static Plan? Plan(PlanDraft draft)
    {
        var machine = draft.Elected!;
        var spec = draft.Spec!;
        if (draft.Memory.Pending?.Spec.Hash == spec.Hash)
        {
            return null; // sent; how it turns out is being watched
        }

        var drifts = Drifts(draft, machine, spec);
        if (drifts.Count == 0)
        {
            return Metadata(draft, machine);
        }

        var isRollback = draft.Memory.Rejected is { Final: true } && draft.Memory.LastGood is not null;
        if (Due(draft, spec, isRollback) is { } due && due > draft.Snapshot.Now)
        {
            // A machine that does not run is started as it is: an old version that works is better than none.
            return machine.State == MachineStates.Started
                ? draft.Blocked(
                    Reasons.SilentlyRolledBack,
                    $"Fly did not carry out the change {draft.Memory.Rejected!.Attempts} time(s); the machine runs as it was until the next try",
                    due - draft.Snapshot.Now)
                : null;
        }

        var reason = drifts.All(d => d.Field == "secrets") ? Reasons.SecretsStale
            : isRollback ? Reasons.RolledBack
            : Reasons.ConfigDrift;
        var steps = new List<Step> { new Step.UpdateMachine(draft.App, machine, spec, isRollback, reason) };
        if (machine.State != MachineStates.Started)
        {
            // An update of a machine that is not started leaves the new version stopped.
            steps.Add(new Step.StartMachine(draft.App, machine.Id, spec, reason));
        }

        return draft.Act(reason, $"machine {machine.Id} differs in {string.Join(", ", drifts.Select(d => d.Field))}", steps, drifts);
    }

    /// <summary>Secrets that this very plan sets are newer than what the machine booted with, whatever it looks like now.</summary>
    private static IReadOnlyList<Drift> Drifts(PlanDraft draft, Machine machine, MachineSpec spec)
    {
        var drifts = draft.Assessment.Drifts;
        return draft.Prefix.Exists(s => s is Step.SetSecrets) && drifts.All(d => d.Field != "secrets")
            ? [.. drifts, new Drift("secrets", OwnedMetadata.AppliedSecrets(machine)?.Digest ?? "(unknown)", spec.SecretsDigest + " (set anew)")]
            : drifts;
    }

    private static Plan? Metadata(PlanDraft draft, Machine machine)
    {
        var changes = OwnedMetadata.Changes(machine, draft.Desired.UserId);
        return changes.Count == 0
            ? null
            : draft.Act(
                Reasons.MetadataDrift,
                $"metadata of machine {machine.Id} differs",
                [new Step.PatchMetadata(draft.App, machine.Id, changes, Reasons.MetadataDrift)],
                [.. changes.Select(c => new Drift("metadata." + c.Key, machine.Config?.Metadata?.GetValueOrDefault(c.Key), c.Value))]);
    }

    /// <summary>When what Fly did not carry out may be sent again; null when nothing is waited for. A try that lies ahead is one from before
    /// our clock went back: it is not waited for.</summary>
    private static DateTimeOffset? Due(PlanDraft draft, MachineSpec spec, bool isRollback) =>
        draft.Memory.Rejected is { Reason: Reasons.SilentlyRolledBack } rejected && rejected.At <= draft.Snapshot.Now
        && (isRollback || rejected.SpecHash == spec.Hash)
            ? rejected.At + Later(rejected.Attempts)
            : null;

    private static TimeSpan Later(int attempts) => TimeSpan.FromSeconds(Math.Min(
        SilentRollbackCap.TotalSeconds, SilentRollbackBase.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 16))));
}
