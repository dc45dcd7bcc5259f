using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The right machine, running: wait until it is healthy, restart it when it stays ill.</summary>
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
            : draft.Act(Reasons.Unhealthy, message, [new Step.RestartMachine(draft.App, machine.Id, Reasons.Unhealthy)]);
    }
}
