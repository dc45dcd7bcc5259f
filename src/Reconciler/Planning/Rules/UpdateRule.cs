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
        if (draft.Memory.Pending is not null && draft.Assessment.Drifts.Count == 0)
        {
            return null;
        }

        if (draft.Assessment.Drifts.Count == 0)
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

        if (draft.Memory.Rejected is { Final: false } rejected && rejected.SpecHash == spec.Hash)
        {
            var due = rejected.At + Later(rejected.Attempts);
            if (due > draft.Snapshot.Now)
            {
                return draft.Blocked(
                    Reasons.SilentlyRolledBack,
                    $"Fly went back to the version before {rejected.Attempts} time(s); the machine runs the old one until the next try",
                    due - draft.Snapshot.Now);
            }
        }

        var isRollback = draft.Memory.Rejected is { Final: true } && draft.Memory.LastGood?.Hash == spec.Hash;
        var reason = isRollback ? Reasons.RolledBack
            : draft.Assessment.Drifts.All(d => d.Field == "secrets") ? Reasons.SecretsStale
            : Reasons.ConfigDrift;
        var steps = new List<Step> { new Step.UpdateMachine(draft.App, machine, spec, isRollback, reason) };
        if (machine.State != MachineStates.Started)
        {
            // An update of a machine that is not started leaves the new version stopped.
            steps.Add(new Step.StartMachine(draft.App, machine.Id, spec, reason));
        }

        return draft.Act(reason, $"machine {machine.Id} differs in {string.Join(", ", draft.Assessment.Drifts.Select(d => d.Field))}", steps);
    }

    private static TimeSpan Later(int attempts) => TimeSpan.FromSeconds(Math.Min(
        SilentRollbackCap.TotalSeconds, SilentRollbackBase.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 16))));
}
