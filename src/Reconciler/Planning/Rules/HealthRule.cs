using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The right machine, running: wait until it is healthy, restart it when it stays ill, give it its secrets anew when it works
/// for somebody else.</summary>
internal static class HealthRule
{
    public static Plan? Plan(PlanDraft draft)
    {
        var machine = draft.Elected!;
        if (draft.Assessment.Health.State == HealthState.Healthy && draft.Memory.Pending is null)
        {
            return null;
        }

        if (draft.Memory.Trouble is not { Kind: "unhealthy" } trouble)
        {
            return draft.Wait(Reasons.WaitingForHealth, $"machine {machine.Id} runs; {draft.Assessment.Health.Message}");
        }

        var message = $"machine {machine.Id} runs but is not healthy: {draft.Assessment.Health.Message}";
        var left = trouble.Since + draft.Timings.UnhealthyAfter - draft.Snapshot.Now;
        if (left <= TimeSpan.Zero)
        {
            left = CrashBackoff.Remaining(draft.Memory.Crash, draft.Snapshot.Now);
        }

        return left > TimeSpan.Zero
            ? draft.Wait(
                draft.Memory.Crash?.Restarts >= CrashBackoff.LoopingFrom ? Reasons.CrashLooping : Reasons.Unhealthy,
                message,
                TimeSpan.FromTicks(Math.Min(left.Ticks, TimeSpan.FromSeconds(15).Ticks)))
            : draft.Act(Reasons.Unhealthy, message, Remedy(draft, machine));
    }

    /// <summary>Who it works for is in its secrets. What it booted with was wrong, though those of the app are right by now (put back by
    /// whoever changed them, or by a write of ours that landed late): a restart brings it the same again, only an update the new ones.</summary>
    private static IReadOnlyList<Step> Remedy(PlanDraft draft, Machine machine) =>
        draft.Assessment.Health.IsSomebodyElse && draft.Spec is { } spec && draft.Snapshot.Policy.Secrets.SetProblem is null
            ?
            [
                new Step.SetSecrets(draft.App, draft.Snapshot.Policy.Secrets.Names, spec.SecretsDigest, Reasons.Unhealthy),
                new Step.UpdateMachine(draft.App, machine, spec, IsRollback: false, Reasons.Unhealthy),
            ]
            : [new Step.RestartMachine(draft.App, machine.Id, Reasons.Unhealthy)];
}
