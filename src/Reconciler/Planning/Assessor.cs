using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Reads a snapshot: how did the change that was sent turn out, what is in trouble since when, what is proven good. Pure.</summary>
internal static class Assessor
{
    /// <summary>One of Fly's answers may round an instant that another gives to the nanosecond.</summary>
    private static readonly TimeSpan InstantsAgree = TimeSpan.FromSeconds(1);

    public static Assessment Assess(Snapshot snapshot)
    {
        var elected = snapshot.Observed.Machines.FirstOrDefault(m => m.Id == snapshot.User.MachineId);
        var health = HealthAssessor.Assess(elected, snapshot.Observed.Probe, snapshot.Policy.Check);
        var notes = new List<Note>();
        var memory = Deprovision(snapshot, Forget(snapshot));
        memory = Secrets(snapshot, memory, notes);
        memory = ChangeAssessor.Assess(snapshot, memory, elected, health, notes);

        var wish = PossibleWish(snapshot, memory);
        if (wish is not null && memory.Rejected is { } rejected && rejected.SpecHash != wish.Hash)
        {
            memory = memory with { Rejected = null }; // another wish deserves its own try
        }

        var spec = EffectiveSpec(wish, memory);
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

        memory = memory with
        {
            AwaySince = IsAway(snapshot) ? AwaySince(snapshot, memory) : null,
        };

        // A force is the operator's word that a rejected spec may be tried again.
        return snapshot.Guards.Forced && memory.Rejected is not null ? memory with { Rejected = null } : memory;
    }

    private static AppMemory Deprovision(Snapshot snapshot, AppMemory memory) => memory with
    {
        DeprovisionSince = snapshot.Desired.Phase == Phase.Run ? null : memory.DeprovisionSince ?? snapshot.Now,
    };

    /// <summary>An app is missed that was ours, or that a creation of ours which was never answered may have made.</summary>
    private static bool IsAway(Snapshot snapshot) => snapshot.Observed.App is AppPresence.Foreign or AppPresence.Missing
        || (snapshot.Observed.App == AppPresence.Unclaimed && snapshot.User.OwnIntents.Any());

    /// <summary>An absence from before the app was ours is another one, whose end a crash kept from being written down. Neither does one
    /// count from before the last creation could have landed.</summary>
    private static DateTimeOffset AwaySince(Snapshot snapshot, AppMemory memory)
    {
        var couldLandUntil = snapshot.User.OwnIntents.Select(i => snapshot.Now - snapshot.AgeOf(i) + snapshot.Policy.Timings.NameRelease)
            .DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var isOld = memory.AwaySince is not { } since
            || since > snapshot.Now // our clock was set back
            || (snapshot.User.Ownership is { ReleasedAt: null } own && new DateTimeOffset(own.AcquiredAt, TimeSpan.Zero) > since)
            || (couldLandUntil <= snapshot.Now && couldLandUntil > since);
        return isOld ? snapshot.Now : memory.AwaySince!.Value;
    }

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
        if (tampered.Count > 0)
        {
            notes.Add(new(Reasons.SecretsTampered, $"app secrets changed or removed by someone else: {string.Join(", ", tampered)}"));
            return memory with { Secrets = null };
        }

        var ours = observed.Where(s => known.FlyDigests.ContainsKey(s.Name)).ToList();
        if (known.ChangedAt is not { } changedAt)
        {
            return memory with { Secrets = known with { ChangedAt = ours.Max(s => s.UpdatedAt) } };
        }

        // A write of ours that was given up lands late, or somebody took a change of theirs back: the values are right again, and a
        // machine that booted in between has others.
        var rewritten = ours.Where(s => s.UpdatedAt > changedAt + InstantsAgree).Select(s => s.Name).Order(StringComparer.Ordinal).ToList();
        if (rewritten.Count == 0)
        {
            return memory;
        }

        notes.Add(new(Reasons.SecretsTampered, $"app secrets written again since we set them, maybe over other values: {string.Join(", ", rewritten)}"));
        return memory with { Secrets = null, SecretsRewritten = true };
    }

    /// <summary>The wish with the secrets that can be had now: while the service key is not good, those that were set before.</summary>
    private static MachineSpec? PossibleWish(Snapshot snapshot, AppMemory memory) => snapshot.Desired.Machine is { } wish
        ? WithSecrets(wish, snapshot.Policy.Secrets.SetProblem is null ? wish.SecretsDigest : memory.Secrets?.SetDigest ?? wish.SecretsDigest)
        : null;

    /// <summary>The last good spec while the wish is rejected, else the wish.</summary>
    private static MachineSpec? EffectiveSpec(MachineSpec? wish, AppMemory memory) =>
        wish is not null && memory is { Rejected.Final: true, LastGood: { } good } ? WithSecrets(good, wish.SecretsDigest) : wish;

    private static MachineSpec WithSecrets(MachineSpec spec, string digest) =>
        spec.SecretsDigest == digest ? spec : MachineSpecHash.WithHash(spec with { SecretsDigest = digest });

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
        if (snapshot.Desired.Phase != Phase.Run || snapshot.Desired.Paused)
        {
            return null; // what nobody may put right is not counted against the machine
        }

        if (elected is null)
        {
            return ElectedAbsence.TroubleOf(snapshot);
        }

        var kind = elected switch
        {
            _ when !elected.IsReadable() => "host",
            _ when MachineStates.IsTransient(elected.State) || elected.State == MachineStates.Created => "transient:" + elected.State,
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
        MustReplace = null,
        Crash = memory.Crash is { } crash && snapshot.Now - crash.LastRestart > snapshot.Policy.Timings.CrashReset ? null : memory.Crash,
    };
}
