using FlyApi.Contracts;
using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reporting;

/// <summary>From a plan and how it went to the six conditions. Pure; a transition time moves only when the status does.</summary>
internal static class ConditionBuilder
{
    public static IReadOnlyList<Condition> Build(
        Snapshot snapshot, Plan plan, ApplyResult? result, IReadOnlyList<Condition> before, DateTimeOffset now)
    {
        var (reason, message) = Headline(plan, result);
        var ready = IsReady(snapshot, plan);
        return
        [
            Make(ConditionTypes.Ready, ready, reason, message),
            Make(ConditionTypes.Progressing, IsProgressing(plan, result), reason, message),
            Degraded(snapshot, plan, result, reason, message),
            Image(snapshot),
            Secrets(snapshot, plan, result),
            Make(ConditionTypes.Healthy, plan.Health.State switch
            {
                HealthState.Healthy => true,
                HealthState.Unhealthy => false,
                _ => null,
            }, plan.Health.State.ToString(), plan.Health.Message),
        ];

        Condition Image(Snapshot s) => s.Policy.Image.Resolved
            ? Make(ConditionTypes.ImageResolved, true, "Resolved", s.Policy.Image.Label ?? "")
            : Make(ConditionTypes.ImageResolved, false, Reasons.ImageUnresolved, s.Policy.Image.Problem ?? "not resolved yet");

        Condition Degraded(Snapshot s, Plan p, ApplyResult? r, string why, string text)
        {
            // The headline's reason goes first: events compare with it, so that a trouble that lasts is told once.
            var bad = r?.Stop is ApplyStop.Failed or ApplyStop.Guarded || (p.Verdict == Verdict.Blocked && p.Reason != Reasons.Paused)
                || why is Reasons.CrashLooping or Reasons.HostUnreachable or Reasons.Unhealthy or Reasons.OutcomeUnknown;
            if (bad)
            {
                return Make(ConditionTypes.Degraded, true, why, text);
            }

            return p.Memory.Rejected is { } rejected && s.Desired.Machine is not null
                ? Make(ConditionTypes.Degraded, true, Reasons.RolledBack, $"the wished machine was tried and rejected: {rejected.Reason}")
                : Make(ConditionTypes.Degraded, false, "AsExpected", "");
        }

        Condition Secrets(Snapshot s, Plan p, ApplyResult? r)
        {
            var memory = r?.Memory ?? p.Memory;
            if (s.Policy.Secrets.Problem is { } problem)
            {
                return Make(ConditionTypes.SecretsSynced, false, Reasons.ServiceKeyInvalid, problem);
            }

            if (s.Desired.Phase != Phase.Run)
            {
                return Make(ConditionTypes.SecretsSynced, null, "NotWanted", "");
            }

            if (s.Policy.Secrets.SetProblem is { } gone && memory.Secrets?.SetDigest != s.Policy.Secrets.Digest)
            {
                return Make(ConditionTypes.SecretsSynced, false, Reasons.SecretsStale, gone);
            }

            var set = memory.Secrets?.SetDigest == s.Policy.Secrets.Digest;
            var exists = s.Observed.Machines.Any(m => m.Id == s.User.MachineId && m.State == MachineStates.Started);
            var applied = exists && p.Memory.Secrets?.SetDigest == s.Policy.Secrets.Digest && p.Drifts.All(d => d.Field != "secrets");
            return applied
                ? Make(ConditionTypes.SecretsSynced, true, "Applied", "set and booted with")
                : Make(ConditionTypes.SecretsSynced, false, Reasons.SecretsStale, set ? "set, not yet proven applied" : "not set yet");
        }

        Condition Make(string type, bool? status, string why, string text)
        {
            var value = status switch { true => ConditionStatus.True, false => ConditionStatus.False, _ => ConditionStatus.Unknown };
            var earlier = before.FirstOrDefault(c => c.Type == type);
            return new Condition(type, value, why, Text.Shorten(text), earlier?.Status == value ? earlier.LastTransitionTime : now);
        }
    }

    /// <summary>What stands for the whole: the stop of the apply, else the plan's own reason.</summary>
    public static (string Reason, string Message) Headline(Plan plan, ApplyResult? result) => result?.Stop switch
    {
        ApplyStop.Failed failed => (failed.Reason, failed.Message),
        ApplyStop.Guarded guarded => (guarded.Reason, guarded.Message),
        _ => (plan.Reason, plan.Message),
    };

    public static bool IsReady(Snapshot snapshot, Plan plan) =>
        snapshot.Desired.Phase == Phase.Run && plan.Verdict == Verdict.Settled;

    private static bool IsProgressing(Plan plan, ApplyResult? result) =>
        result?.Stop is not (ApplyStop.Failed or ApplyStop.Guarded) && plan.Verdict is Verdict.Act or Verdict.Wait;
}
