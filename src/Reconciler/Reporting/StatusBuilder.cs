using FlyApi.Contracts;
using Reconciler.Applying;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Reporting;

/// <summary>From a reconcile to the row as it should read. Pure: the same reconcile of the same row changes nothing the second time.</summary>
internal static class StatusBuilder
{
    public static StatusWrite Build(Snapshot snapshot, Plan plan, ApplyResult? result, Requeue requeue, PriceTable prices)
    {
        var user = snapshot.User;
        var now = snapshot.Now;
        var before = ReportJson.ReadConditions(user.Conditions);
        var conditions = ConditionBuilder.Build(snapshot, plan, result, before, now);
        var memory = result?.Memory ?? plan.Memory;
        var machine = Elected(snapshot, result);
        var status = StatusOf(snapshot, plan, result, machine);
        var health = HealthOf(plan, status);
        var (_, message) = ConditionBuilder.Headline(plan, result);
        var ready = ConditionBuilder.IsReady(snapshot, plan);
        var deployed = ready && (user.DeployedAt is null || snapshot.Memory.Pending is not null || user.Status != "active");
        var deleted = status == "deleted";
        var guest = machine?.Config?.Guest ?? machine?.IncompleteConfig?.Guest;
        return new StatusWrite
        {
            UserId = user.UserId,
            RowId = user.RowId,
            AppName = result?.AppName ?? user.AppName,
            Status = status,
            HealthStatus = health,
            Region = machine?.Region is { } region ? Text.Shorten(region) : user.Region,
            DockerImage = machine is null ? user.DockerImage : ImageOf(machine, plan, user),
            CpuCount = guest?.Cpus ?? user.CpuCount,
            MemoryMb = guest?.MemoryMb ?? user.MemoryMb,
            DeployedAt = deployed ? now.UtcDateTime : user.DeployedAt,
            LastHealthCheck = health != user.HealthStatus ? now.UtcDateTime : user.LastHealthCheck,
            ErrorMessage = ErrorOf(snapshot, plan, result, status, message, ready),
            RetryCount = requeue.Attempts,
            MonthlyCostUsd = CostOf(snapshot, machine, guest, deleted, prices),
            DeletedAt = deleted ? user.DeletedAt ?? now.UtcDateTime : user.Entitled ? null : user.DeletedAt,
            ObservedGeneration = user.Generation,
            Conditions = ReportJson.Write(conditions),
            ControllerState = ReportJson.Write(memory),
            Fingerprint = FingerprintOf(snapshot, plan, machine),
            NextAttemptAt = NextAttempt(snapshot, plan, requeue),
            LastErrorClass = requeue.ErrorClass,
            Events = EventBuilder.Build(snapshot, plan, result, status, health),
        };
    }

    private static Machine? Elected(Snapshot snapshot, ApplyResult? result)
    {
        var id = result is null ? snapshot.User.MachineId : result.ElectedMachineId;
        return id is null ? null : snapshot.Observed.Machines.FirstOrDefault(m => m.Id == id);
    }

    private static string StatusOf(Snapshot snapshot, Plan plan, ApplyResult? result, Machine? machine)
    {
        var before = snapshot.User.Status;
        var running = machine?.State == MachineStates.Started;
        if (snapshot.Desired.Phase != Phase.Run)
        {
            return result?.Stop is ApplyStop.Failed ? "error"
                : IsGone(plan, result) ? "deleted"
                : snapshot.Desired.Paused ? before
                : "deprovisioning";
        }

        if (plan.Verdict == Verdict.Settled)
        {
            return "active";
        }

        if (snapshot.Desired.Paused)
        {
            return before;
        }

        if (result?.Stop is ApplyStop.Failed || plan.Verdict == Verdict.Blocked || result?.Stop is ApplyStop.Guarded
            || plan.Reason is Reasons.CrashLooping or Reasons.Unhealthy or Reasons.HostUnreachable)
        {
            // A machine that goes on working while something newer is refused is degraded, not broken.
            return running && plan.Health.State == HealthState.Healthy && before == "active" && plan.Reason != Reasons.InvalidOverride
                ? "active"
                : "error";
        }

        return before switch
        {
            "error" => "error", // until it has converged
            "active" when machine is not null => "active",
            _ => "provisioning",
        };
    }

    /// <summary>Said in the pass that records the release: an app whose row vanished with its user is not looked at after that.</summary>
    private static bool IsGone(Plan plan, ApplyResult? result) =>
        plan is { Verdict: Verdict.Settled or Verdict.Act, Reason: Reasons.Deprovisioned } && result?.Stop is null;

    private static string HealthOf(Plan plan, string status) => status == "deleted"
        ? "unknown"
        : plan.Health.State switch
        {
            HealthState.Healthy => "healthy",
            HealthState.Unhealthy => "unhealthy",
            _ => "unknown",
        };

    private static string ImageOf(Machine machine, Plan plan, UserApp user)
    {
        var digest = machine.ImageRef?.Digest;
        if (plan.Spec is { } spec && (digest == spec.ImageDigest || machine.Config?.Image == spec.Image))
        {
            return spec.ImageLabel;
        }

        return machine.Config?.Image is { } image ? Text.Shorten(image) : user.DockerImage;
    }

    private static string? ErrorOf(Snapshot snapshot, Plan plan, ApplyResult? result, string status, string message, bool ready)
    {
        if (ready && snapshot.Desired.Machine is { } wish && plan.Memory.Rejected is { } rejected)
        {
            return Text.Shorten($"runs the last good machine; {wish.ImageLabel} was rejected: {rejected.Reason}");
        }

        if (result?.Stop is ApplyStop.Failed or ApplyStop.Guarded || plan.Verdict == Verdict.Blocked)
        {
            return Text.Shorten(message);
        }

        // An earlier failure stays told until it has converged, unless something else is known to be wrong by now.
        var isOther = plan.Reason is Reasons.CrashLooping or Reasons.Unhealthy or Reasons.HostUnreachable;
        return status != "error" ? null
            : isOther ? Text.Shorten(message)
            : snapshot.User.ErrorMessage ?? Text.Shorten(message);
    }

    private static decimal? CostOf(Snapshot snapshot, Machine? machine, Guest? guest, bool deleted, PriceTable prices)
    {
        if (deleted || (snapshot.Desired.Phase != Phase.Run && machine?.State != MachineStates.Started))
        {
            return 0m;
        }

        return guest is null
            ? snapshot.User.MonthlyCostUsd
            : CostEstimate.MonthlyUsd(guest, machine?.Region ?? snapshot.Policy.Region, prices);
    }

    private static long FingerprintOf(Snapshot snapshot, Plan plan, Machine? machine)
    {
        if (plan.Verdict != Verdict.Settled)
        {
            return 0;
        }

        if (snapshot.Desired.Phase == Phase.Run)
        {
            return machine is null || plan.Spec is null
                ? 0
                : Fingerprint.Of(
                    Fingerprint.RunningWish(plan.Spec.Hash, snapshot.Policy), machine.Id, machine.InstanceId, machine.State, machine.Region);
        }

        return plan.Reason == Reasons.StoppedInGrace && snapshot.Observed.Machines is [var stopped]
            ? Fingerprint.Of(Fingerprint.StoppedWish, stopped.Id, stopped.InstanceId, stopped.State, stopped.Region)
            : 0;
    }

    private static DateTime? NextAttempt(Snapshot snapshot, Plan plan, Requeue requeue)
    {
        if (requeue.IsBackoff)
        {
            return (snapshot.Now + requeue.After!.Value).UtcDateTime;
        }

        // The end of a grace does not move, so writing it down costs one write and survives restarts.
        return plan.Reason == Reasons.StoppedInGrace ? snapshot.Desired.DestroyAfter?.UtcDateTime : null;
    }
}
