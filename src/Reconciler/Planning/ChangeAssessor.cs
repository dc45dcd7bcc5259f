using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>How did the change turn out that was sent and not proven yet? Pure.</summary>
internal static class ChangeAssessor
{
    /// <summary>Fly's clock and ours may differ by this much when an exit is matched to a change of ours.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(5);

    public static AppMemory Assess(Snapshot snapshot, AppMemory memory, Machine? elected, HealthVerdict health, List<Note> notes)
    {
        if (memory.Pending is not { } pending)
        {
            return memory;
        }

        if (snapshot.Desired.Phase != Phase.Run && pending.Kind != "create")
        {
            return memory with { Pending = null }; // stopped on purpose: how it ends proves nothing about what it was changed to
        }

        var age = snapshot.Now - pending.Since;
        var isLag = age < snapshot.Policy.Timings.CreateLag;
        if (elected is null || elected.Id != pending.MachineId)
        {
            var settled = ElectedAbsence.IsProven(snapshot) && !isLag;
            return settled || elected is not null ? memory with { Pending = null } : memory;
        }

        if (!elected.IsReadable() || !MachineStates.IsResting(elected.State))
        {
            return memory; // nothing to judge, or on its way; the trouble clock watches how long
        }

        if (pending.InstanceId is not null && elected.InstanceId != pending.InstanceId)
        {
            return elected.InstanceId != pending.PreviousInstanceId
                ? memory with { Pending = null } // somebody else made a newer version: compare with the wish afresh
                : isLag ? memory : NotTaken(snapshot, memory, pending, "went back to the version before", notes);
        }

        if (elected.State == MachineStates.Started && DriftDetector.RunsAnotherDigest(pending.Spec, elected))
        {
            return isLag ? memory : NotTaken(snapshot, memory, pending, "runs the image before", notes);
        }

        if (health.State == HealthState.Healthy)
        {
            // Sent again at once, what Fly does not take over would restart the machine for ever.
            return DriftDetector.Config(pending.Spec, elected, memory) is { Count: > 0 } drifts
                ? NotTaken(snapshot, memory, pending, $"left {string.Join(", ", drifts.Select(d => d.Field))} as it was", notes)
                : memory with { Pending = null, Crash = AfterProof(memory, pending) };
        }

        var crashed = elected.State is MachineStates.Stopped or MachineStates.Failed && ExitedSince(elected, pending);
        if (!crashed && age <= snapshot.Policy.Timings.HealthDeadline)
        {
            return memory;
        }

        // Somebody took secrets away while it booted and they were set again since: that says nothing about what was wished.
        return DriftDetector.BootedWithOlderSecrets(pending.Spec, elected, memory)
            ? memory with { Pending = null }
            : Failed(snapshot, memory, pending, crashed ? "its program exited" : health.Message, notes);
    }

    /// <summary>Counted from the change as Fly's own clock has it, because ours may be off by more than a crash takes.</summary>
    private static bool ExitedSince(Machine machine, PendingChange pending)
    {
        var changed = machine.Events.Where(e => e.Type is "launch" or "update").Max(e => e.Timestamp);
        var since = changed ?? pending.Since - ClockSlack;
        return machine.Events.Any(e => e is { Type: "exit", RequestedStop: false } && e.Timestamp >= since);
    }

    /// <summary>Fly said yes and did not do it: its host's fault more often than ours, so it is tried again, later each time.</summary>
    private static AppMemory NotTaken(Snapshot snapshot, AppMemory memory, PendingChange pending, string what, List<Note> notes)
    {
        notes.Add(new(Reasons.SilentlyRolledBack, $"Fly accepted the {pending.Kind} to {pending.Spec.ImageLabel} and {what}"));
        return memory with
        {
            Pending = null,
            Rejected = pending.Kind == "rollback" && memory.Rejected is { Final: true } final
                ? final with { Reason = Reasons.SilentlyRolledBack, At = snapshot.Now, Attempts = final.Attempts + 1 }
                : new(pending.Spec.Hash, Reasons.SilentlyRolledBack, snapshot.Now, AttemptsOf(memory, pending) + 1, Final: false),
        };
    }

    private static AppMemory Failed(Snapshot snapshot, AppMemory memory, PendingChange pending, string why, List<Note> notes)
    {
        notes.Add(new(Reasons.Unhealthy, $"the {pending.Kind} did not become healthy within its deadline: {why}"));
        var canReturn = pending.Kind == "update" && memory.LastGood is { } good && good.Hash != pending.Spec.Hash;
        return memory with
        {
            Pending = null,
            Rejected = canReturn
                ? new(pending.Spec.Hash, $"{Reasons.RolledBack}: {why}", snapshot.Now, AttemptsOf(memory, pending) + 1, Final: true)
                : memory.Rejected,
        };
    }

    private static int AttemptsOf(AppMemory memory, PendingChange pending) =>
        memory.Rejected is { } earlier && earlier.SpecHash == pending.Spec.Hash ? earlier.Attempts : 0;

    /// <summary>A machine that came up healthy for the first time has not crashed: its starts are not held against it, unless they
    /// were so many that it, or the one before it, was looping.</summary>
    private static CrashMemory? AfterProof(AppMemory memory, PendingChange pending) =>
        pending.Kind == "create" && memory.Crash is { Restarts: < CrashBackoff.LoopingFrom } ? null : memory.Crash;
}
