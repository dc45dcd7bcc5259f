using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Store;

namespace Reconciler.Rollouts;

/// <summary>
/// How did it go with this user? Failures are classified first: what crashes, stays ill or never starts speaks against the revision;
/// capacity, a dead host, the registry, a rate limit or a guard speak against nobody and are waited for. Pure.
/// </summary>
internal static class Judge
{
    /// <summary>Fly's own rollback can be a host's fault once; twice it is the machine's.</summary>
    private const int SilentRollbacks = 2;

    /// <param name="facts">The user's row as it stands.</param>
    /// <param name="mark">What was asked of it, and when.</param>
    /// <param name="limits">Times to hold against it.</param>
    public static Judgement Of(UserFacts facts, RolloutMark mark, JudgeLimits limits)
    {
        var row = facts.Row;
        if (row.Target != mark.Revision)
        {
            return row.Paused ? Judgement.Skipped("paused", "the user is paused")
                : row.LastErrorClass is { } blind ? Judgement.Hindered(ClassOf(blind), $"it could not be looked at yet ({blind})")
                : Judgement.Waiting("not looked at yet");
        }

        return AgainstRevision(facts, mark)
            ?? AsWished(facts, mark, limits)
            ?? TheUsersOwn(facts)
            ?? Hindrance(facts, mark, limits)
            ?? AfterDeadline(facts, mark, limits)
            ?? Judgement.Waiting("its machine is on the way");
    }

    private static Judgement? AgainstRevision(UserFacts facts, RolloutMark mark)
    {
        switch (facts.Memory.Rejected)
        {
            case { Reason: Reasons.SilentlyRolledBack, Attempts: >= SilentRollbacks } silent when silent.At >= At(mark.AdmittedAt):
                return Judgement.Failed("rolled_back", $"Fly went back to the version before {silent.Attempts} times");
            case { Final: true } rejected when rejected.At >= At(mark.AdmittedAt): // an older one is what an operator wants tried again
                return Judgement.Failed(rejected.Reason.Contains("exited", StringComparison.Ordinal) ? "crashed" : "unhealthy", rejected.Reason);
        }

        return !mark.WasDown && CrashBackoff.IsLoopingSince(facts.Memory.Crash, At(mark.AdmittedAt))
            ? Judgement.Failed("crash_loop", $"its machine had to be started {CrashBackoff.LoopingFrom} times and more since it was moved")
            : !mark.WasDown && facts.Row.LastErrorClass == nameof(BackoffClass.Invalid)
                ? Judgement.Failed("refused", "Fly refuses what the machine should be")
                : null;
    }

    private static Judgement? AsWished(UserFacts facts, RolloutMark mark, JudgeLimits limits)
    {
        if (facts is not { Row: { Converged: true, HealthStatus: "healthy" }, Memory.Pending: null } || facts.Row.Runs != mark.Revision)
        {
            return null;
        }

        if (limits.MinHealthyTime <= TimeSpan.Zero)
        {
            return new Judgement(Finding.Good, "good", "runs it, healthy");
        }

        // The end of the time is looked at, too: a row does not change by itself when a machine falls ill.
        var proven = mark.ProvingSince is { } since && limits.SeenGoodAt >= At(since) + limits.MinHealthyTime;
        return proven
            ? new Judgement(Finding.Good, "good", "runs it, healthy for the minimum time")
            : new Judgement(Finding.Proving, "", "runs it; healthy so far");
    }

    /// <summary>What this user's own row stands in the way of would stand there with any revision.</summary>
    private static Judgement? TheUsersOwn(UserFacts facts) =>
        facts.Row.Paused ? Judgement.Skipped("paused", "the user is paused")
        : facts.Trouble is Reasons.InvalidOverride or Reasons.AppNameTaken ? Judgement.Skipped("own", $"the user has a trouble of its own ({facts.Trouble})")
        : null;

    private static Judgement? Hindrance(UserFacts facts, RolloutMark mark, JudgeLimits limits)
    {
        var hindrance = facts.Row.LastErrorClass is { } error ? Judgement.Hindered(ClassOf(error), $"a call keeps failing ({error})")
            : facts.Trouble switch
            {
                Reasons.HostUnreachable => Judgement.Hindered("host", "its host does not answer"),
                Reasons.DestroyBudget or Reasons.ShrinkTripwire or Reasons.OtherOrganisation => Judgement.Hindered("guard", $"a guard holds it ({facts.Trouble})"),
                Reasons.ImageUnresolved => Judgement.Hindered("registry", "its image is not resolved"),
                Reasons.ServiceKeyInvalid => Judgement.Hindered("key", "the service key is not usable"),
                _ => null,
            };

        // A host may be gone for good, and whoever was down before loses nothing: neither may hold up everybody else for ever.
        return hindrance is not null && (hindrance.Class == "host" || mark.WasDown) && limits.IsLate(mark)
            ? Judgement.Skipped(hindrance.Class, $"{hindrance.Why}; it gets the revision when it can")
            : hindrance;
    }

    private static Judgement? AfterDeadline(UserFacts facts, RolloutMark mark, JudgeLimits limits)
    {
        if (!limits.IsLate(mark))
        {
            return null;
        }

        return facts.Memory.Rejected is { Reason: Reasons.SilentlyRolledBack } ? Judgement.Failed("rolled_back", "Fly went back to the version before, and the deadline has passed")
            : mark.WasDown ? Judgement.Skipped("down", "was down before and did not get well in time")
            : facts.Memory.Trouble is { Kind: "unhealthy" } || facts.Row.HealthStatus == "unhealthy" ? Judgement.Failed("unhealthy", "not healthy within the deadline")
            : Judgement.Failed("never_started", "did not come up within the deadline");
    }

    private static string ClassOf(string error) => error switch
    {
        nameof(BackoffClass.Capacity) => "capacity",
        nameof(BackoffClass.Throttled) => "throttled",
        nameof(BackoffClass.Conflict) => "lease",
        nameof(BackoffClass.Image) => "registry",
        nameof(BackoffClass.Bug) => "bug",
        _ => "api",
    };

    private static DateTimeOffset At(DateTime utc) => new(utc, TimeSpan.Zero);
}

/// <summary>What a judgement holds against a user.</summary>
/// <param name="Deadline">After which a user who is not good has failed.</param>
/// <param name="MinHealthyTime">How long a user must have been good.</param>
/// <param name="SeenGoodAt">When this process last saw the user as wished; null = it has not.</param>
/// <param name="LeadingSince">A time in which nobody led, or over which a clock jumped, is nobody's failure.</param>
internal sealed record JudgeLimits(
    DateTimeOffset Now, TimeSpan Deadline, TimeSpan MinHealthyTime, DateTimeOffset? SeenGoodAt, DateTimeOffset LeadingSince)
{
    public bool IsLate(RolloutMark mark)
    {
        var from = new DateTimeOffset(mark.DeadlineFrom, TimeSpan.Zero);
        return Now - (from > LeadingSince ? from : LeadingSince) > Deadline;
    }
}
