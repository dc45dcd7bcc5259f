using FlyApi;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reporting;

/// <summary>
/// Keeps of a memory what can be reckoned with. Somebody may have edited it: a part without what it needs, or with an instant or
/// a count that no reconcile of ours wrote, is dropped, as if it had never been remembered.
/// </summary>
internal static class SoundMemory
{
    private const int MostTries = 1_000_000;

    /// <summary>Before there was a controller.</summary>
    private static readonly DateTimeOffset Earliest = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Between the clocks of two replicas.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    public static AppMemory Of(AppMemory memory, DateTimeOffset now)
    {
        return memory with
        {
            Secrets = memory.Secrets is { SetDigest: not null, FlyDigests: { } digests } secrets && !digests.Values.Contains(null) ? secrets : null,
            Pending = memory.Pending is { Kind: not null, MachineId: not null } pending && IsPast(pending.Since) && IsWhole(pending.Spec) ? pending : null,
            LastGood = IsWhole(memory.LastGood) ? memory.LastGood : null,
            Rejected = memory.Rejected is { SpecHash: not null, Reason: not null, Attempts: >= 0 and <= MostTries } rejected && IsPast(rejected.At)
                ? rejected
                : null,
            DeprovisionSince = memory.DeprovisionSince is { } since && IsPast(since) ? since : null,
            NameTakenAt = memory.NameTakenAt is { } taken && IsPast(taken) ? taken : null,
            Crash = memory.Crash is { Restarts: >= 0 and <= MostTries } crash && IsPast(crash.LastRestart)
                ? crash with { Latest = crash.Latest is { Count: <= CrashBackoff.LoopingFrom } latest && latest.All(IsPast) ? latest : null }
                : null,
            Trouble = memory.Trouble is { Kind: not null, MachineId: not null } trouble && IsPast(trouble.Since) ? trouble : null,
        };

        bool IsPast(DateTimeOffset instant) => instant >= Earliest && instant <= now + ClockSlack;
    }

    /// <summary>Whether a machine could be made of it: a rollback sends it to Fly as it is.</summary>
    private static bool IsWhole(MachineSpec? spec) =>
        spec is { ImageDigest: not null, ImageLabel: not null, Region: not null, Guest: { } guest, Env: { } env, SecretsDigest: not null, Hash: not null }
        && ImageReference.TryParse(spec.Image, out _, out _)
        && GuestRules.Problem(guest) is null
        && guest.Unknown is not { Count: > 0 } // ours have none
        && !env.Values.Contains(null)
        && spec.SecretNames is { } names && !names.Contains(null)
        && spec.Check is { Name: not null, Path: not null };
}
