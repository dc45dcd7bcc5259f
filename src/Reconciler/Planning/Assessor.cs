using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Reads a snapshot: how did the change that was sent turn out, what is in trouble since when, what is proven good. Pure.</summary>
internal static class Assessor
{
    /// <summary>Fly's clock and ours may differ by this much when an exit is matched to a change of ours.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(5);

    public static Assessment Assess(Snapshot snapshot)
    {
        var elected = snapshot.Observed.Machines.FirstOrDefault(m => m.Id == snapshot.User.MachineId);
        var health = HealthAssessor.Assess(elected, snapshot.Observed.Probe, snapshot.Policy.Check);
        var notes = new List<Note>();
        var memory = Deprovision(snapshot, Forget(snapshot));
        memory = Secrets(snapshot, memory, notes);
        memory = Change(snapshot, memory, elected, health, notes);

        var spec = EffectiveSpec(snapshot, memory);
        var drifts = spec is null || elected is null ? [] : Drifts(spec, elected, memory);
        memory = memory with { Trouble = TroubleOf(snapshot, memory, elected, health, drifts) };

        var assessment = new Assessment(elected, spec, health, drifts, memory, notes);
        return assessment.Converged ? assessment with { Memory = Proven(memory, spec!, snapshot) } : assessment;
    }

    /// <summary>Facts about an app or machine that is no more are not facts about its successor.</summary>
    private static AppMemory Forget(Snapshot snapshot)
    {
        var memory = snapshot.Memory;
        if (snapshot.Observed.App is AppPresence.Missing or AppPresence.Unclaimed)
        {
            memory = memory with { Secrets = null, Pending = null, Crash = null };
        }

        if (snapshot.Observed.App is AppPresence.Ours or AppPresence.Adoptable)
        {
            memory = memory with { NameTakenAt = null };
        }

        // A force is the operator's word that a rejected spec may be tried again.
        return snapshot.Guards.Forced && memory.Rejected is not null ? memory with { Rejected = null } : memory;
    }

    private static AppMemory Deprovision(Snapshot snapshot, AppMemory memory) => memory with
    {
        DeprovisionSince = snapshot.Desired.Phase == Phase.Run ? null : memory.DeprovisionSince ?? snapshot.Now,
    };

    private static AppMemory Secrets(Snapshot snapshot, AppMemory memory, List<Note> notes)
    {
        if (memory.Secrets is not { } known || snapshot.Observed.Secrets is not { } observed)
        {
            return memory;
        }

        var tampered = known.FlyDigests.Keys
            .Where(name => observed.FirstOrDefault(s => s.Name == name)?.Digest != known.FlyDigests[name])
            .Order(StringComparer.Ordinal)
            .ToList();
        if (tampered.Count == 0)
        {
            return memory;
        }

        notes.Add(new(Reasons.SecretsTampered, $"app secrets changed or removed by someone else: {string.Join(", ", tampered)}"));
        return memory with { Secrets = null };
    }

    private static AppMemory Change(
        Snapshot snapshot, AppMemory memory, Machine? elected, HealthVerdict health, List<Note> notes)
    {
        if (memory.Pending is not { } pending)
        {
            return memory;
        }

        var age = snapshot.Now - pending.Since;
        if (elected is null || elected.Id != pending.MachineId)
        {
            var settled = snapshot.Observed.ElectedGone && age > snapshot.Policy.Timings.CreateLag;
            return settled || elected is not null ? memory with { Pending = null } : memory;
        }

        if (!MachineStates.IsResting(elected.State))
        {
            return memory; // on its way; the trouble clock watches how long
        }

        if (pending.InstanceId is not null && elected.InstanceId != pending.InstanceId)
        {
            return elected.InstanceId == pending.PreviousInstanceId
                ? SilentRollback(snapshot, memory, pending, notes)
                : memory with { Pending = null }; // somebody else made a newer version: compare with the wish afresh
        }

        if (elected.State == MachineStates.Started && DriftDetector.RunsAnotherDigest(pending.Spec, elected))
        {
            return SilentRollback(snapshot, memory, pending, notes);
        }

        if (health.State == HealthState.Healthy)
        {
            return memory with { Pending = null };
        }

        var crashed = elected.State is MachineStates.Stopped or MachineStates.Failed && ExitedSince(elected, pending.Since - ClockSlack);
        return crashed || age > snapshot.Policy.Timings.HealthDeadline
            ? Failed(snapshot, memory, pending, crashed ? "its program exited" : health.Message, notes)
            : memory;
    }

    private static bool ExitedSince(Machine machine, DateTimeOffset since) =>
        machine.Events.Any(e => e is { Type: "exit", RequestedStop: false } && e.Timestamp >= since);

    private static AppMemory SilentRollback(Snapshot snapshot, AppMemory memory, PendingChange pending, List<Note> notes)
    {
        var attempts = AttemptsOf(memory, pending) + 1;
        notes.Add(new(Reasons.SilentlyRolledBack, $"Fly accepted the update to {pending.Spec.ImageLabel} and went back to the version before"));
        return memory with
        {
            Pending = null,
            Rejected = new(pending.Spec.Hash, Reasons.SilentlyRolledBack, snapshot.Now, attempts, Final: false),
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

    /// <summary>The wish, corrected by what is known not to work now: a rejected spec, a service key that is not good.</summary>
    private static MachineSpec? EffectiveSpec(Snapshot snapshot, AppMemory memory)
    {
        if (snapshot.Desired.Machine is not { } wish)
        {
            return null;
        }

        var spec = memory.Rejected is { Final: true } rejected && rejected.SpecHash == wish.Hash && memory.LastGood is { } good
            ? good
            : wish;
        var digest = snapshot.Policy.Secrets.Usable ? wish.SecretsDigest : memory.Secrets?.SetDigest ?? wish.SecretsDigest;
        return spec.SecretsDigest == digest ? spec : MachineSpecHash.WithHash(spec with { SecretsDigest = digest });
    }

    private static List<Drift> Drifts(MachineSpec spec, Machine elected, AppMemory memory)
    {
        var drifts = new List<Drift>();
        if (DriftDetector.Region(spec, elected) is { } region)
        {
            drifts.Add(region);
        }

        drifts.AddRange(DriftDetector.Config(spec, elected, memory));
        return drifts;
    }

    private static TroubleMemory? TroubleOf(
        Snapshot snapshot, AppMemory memory, Machine? elected, HealthVerdict health, IReadOnlyList<Drift> drifts)
    {
        if (elected is null || snapshot.Desired.Phase != Phase.Run)
        {
            return null;
        }

        var kind = elected switch
        {
            { HostStatus: not (null or "ok") } => "host",
            _ when MachineStates.IsTransient(elected.State) => "transient:" + elected.State,
            { State: MachineStates.Started } when health.State != HealthState.Healthy && memory.Pending is null && drifts.Count == 0 => "unhealthy",
            _ => null,
        };
        if (kind is null)
        {
            return null;
        }

        return memory.Trouble is { } earlier && earlier.Kind == kind && earlier.MachineId == elected.Id
            ? earlier
            : new TroubleMemory(kind, elected.Id, snapshot.Now);
    }

    private static AppMemory Proven(AppMemory memory, MachineSpec spec, Snapshot snapshot) => memory with
    {
        LastGood = memory.LastGood?.Hash == spec.Hash ? memory.LastGood : spec,
        Rejected = memory.Rejected is { } rejected && rejected.SpecHash == spec.Hash ? null : memory.Rejected,
        Crash = memory.Crash is { } crash && snapshot.Now - crash.LastRestart > snapshot.Policy.Timings.CrashReset ? null : memory.Crash,
    };
}
