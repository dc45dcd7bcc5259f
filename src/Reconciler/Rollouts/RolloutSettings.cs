using Cronos;

namespace Reconciler.Rollouts;

/// <summary>How a change of the fleet reaches its users.</summary>
public sealed record RolloutSettings
{
    /// <summary>False: every change reaches everybody at once, and a machine that it breaks is rolled back by itself.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between two turns of a rollout that is under way. Default 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For every kind of change that has no strategy of its own.</summary>
    public Strategy Strategy { get; init; } = new();

    public Strategy? Image { get; init; }
    public Strategy? Secrets { get; init; }
    public Strategy? Template { get; init; }

    /// <summary>A change of several kinds takes the general strategy.</summary>
    internal Strategy For(ChangeKinds kinds) => kinds switch
    {
        ChangeKinds.Image => Image,
        ChangeKinds.Secrets => Secrets,
        ChangeKinds.Template => Template,
        _ => null,
    } ?? Strategy;
}

/// <summary>The steps of one rollout and what each demands.</summary>
public sealed record Strategy
{
    /// <summary>Users (ids or app names) who get a new revision first, in this order.</summary>
    public IReadOnlyList<string> CanaryUsers { get; init; } = [];

    /// <summary>How many users the canary has, the named ones included. Default 1.</summary>
    public int CanaryCount { get; init; } = 1;

    /// <summary>Shares of the fleet, growing, each 0 to 1; the last is 1.</summary>
    public IReadOnlyList<double> Waves { get; init; } = [0.05, 0.25, 1];

    /// <summary>Users down because of the rollout at once, at most; null: 1 in the canary, later 5 % of the fleet, from 1 to 10.</summary>
    public int? MaxUnavailable { get; init; }

    /// <summary>A user counts as good after this long. Default 10 s (Nomad's min_healthy_time).</summary>
    public TimeSpan MinHealthyTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A user who is not good by then has failed; covers machines that never start. Default 5 min (Nomad's healthy_deadline).</summary>
    public TimeSpan UserDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Between waves. Default 5 min.</summary>
    public TimeSpan Soak { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A wave begins only in a minute (UTC) that one of these names; empty = any.</summary>
    public IReadOnlyList<CronExpression> Windows { get; init; } = [];

    /// <summary>More failed users than this in one wave revert the rollout; in the canary the first one does. Default 1.</summary>
    public int FailureThreshold { get; init; } = 1;

    /// <summary>How many users may be down at once.</summary>
    /// <param name="isCanary">Whether the canary is at work.</param>
    /// <param name="fleet">How many users the rollout is for.</param>
    internal int UnavailableAtOnce(bool isCanary, int fleet) => MaxUnavailable ?? (isCanary ? 1 : Math.Clamp(fleet / 20, 1, 10));

    internal bool IsOpen(DateTimeOffset now)
    {
        var minute = new DateTime(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, DateTimeKind.Utc);
        return Windows.Count == 0 || Windows.Any(w => w.GetNextOccurrence(minute, inclusive: true) is { } next && next < minute.AddMinutes(1));
    }
}
