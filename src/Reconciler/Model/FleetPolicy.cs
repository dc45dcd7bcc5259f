using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>What every user of a tier should have, at one instant: configuration joined with what was resolved from it.</summary>
public sealed record FleetPolicy
{
    public required string OrgSlug { get; init; }
    public required string AppNamePrefix { get; init; }

    /// <summary>Three letters, for example <c>sin</c>: Binance is reached from Singapore only.</summary>
    public required string Region { get; init; }

    /// <summary>Guest by tier (<c>pro</c>, <c>elite</c>).</summary>
    public required IReadOnlyDictionary<string, Guest> Guests { get; init; }

    public required ImageStatus Image { get; init; }
    public required SecretsStatus Secrets { get; init; }

    /// <summary>Environment that is not secret, the same for every user.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required HealthCheckPolicy Check { get; init; }

    /// <summary>Whether machines get the <c>services</c> entry and apps public addresses.</summary>
    public required bool PublicIngress { get; init; }

    public required Timings Timings { get; init; }

    /// <summary>The id of the revision that this policy is; null where nobody asked for one.</summary>
    public string? Revision { get; init; }
}

/// <summary>The image that users should run.</summary>
/// <param name="Reference">Pinned to a digest (<c>registry.fly.io/vyx-app@sha256:…</c>); null when nothing was ever resolved.</param>
/// <param name="Digest">The digest of <paramref name="Reference"/>; null only with it.</param>
/// <param name="Label">How a person names it, for example <c>registry.fly.io/vyx-app:deployment-01K9…</c>.</param>
/// <param name="Problem">Why the configured image could not be resolved; then <paramref name="Reference"/> is the last good one. Null = resolved.</param>
public sealed record ImageStatus(string? Reference, string? Digest, string? Label, string? Problem)
{
    public bool Resolved => Problem is null && Digest is not null;
}

/// <summary>The secrets that machines should have, without their values.</summary>
/// <param name="Digest">Keyed digest of the desired set (names and values), 16 hex digits; the per-user USER_ID is not in it, because it never changes.</param>
/// <param name="Names">Sorted names of every secret a machine gets.</param>
/// <param name="Problem">Why the service key must not be rolled out; null = good.</param>
public sealed record SecretsStatus(string Digest, IReadOnlyList<string> Names, string? Problem)
{
    public bool Usable => Problem is null;

    /// <summary>False: these are an earlier revision's, and <see cref="Problem"/>, which everybody is told, is that of another key.</summary>
    public bool IsPresent { get; init; } = true;

    /// <summary>Whether the configuration holds the values: those of an earlier revision may be gone. Machines then keep what was set.</summary>
    public bool ValuesKnown { get; init; } = true;

    /// <summary>Why they cannot be set now; null = they can.</summary>
    public string? SetProblem => IsPresent ? Problem : ValuesKnown ? null : Problem
        ?? $"the values of secrets {Digest} are not in the configuration any more: give the old ones in the variables that end in _PREVIOUS";
}

/// <summary>The machine's own check, in Fly's words.</summary>
public sealed record HealthCheckPolicy(string Name, int Port, string Path, TimeSpan Interval, TimeSpan Timeout, TimeSpan GracePeriod);

/// <summary>How long the controller waits for what.</summary>
public sealed record Timings
{
    /// <summary>Between two looks at a machine that is on its way. Default 2 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between stop and destroy after a downgrade. Default 72 h.</summary>
    public TimeSpan DeprovisionGrace { get; init; } = TimeSpan.FromHours(72);

    /// <summary>A changed machine must be healthy within this time, or the change is rolled back. Default 5 min (Nomad's healthy_deadline).</summary>
    public TimeSpan HealthDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A transient state that lasts longer is stuck. Default 10 min (Fly's docs: 5 min, updating 10 min).</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A host that is not ok for longer costs the machine. Default 10 min.</summary>
    public TimeSpan UnreachableAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A running machine that is unhealthy for longer is restarted. Default 5 min.</summary>
    public TimeSpan UnhealthyAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Good health for this long forgets earlier restarts. Default 10 min (Kubernetes: 2 x 5 min).</summary>
    public TimeSpan CrashReset { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A 404 for something just created is lag, not absence, for this long, and looks that do not find what is recorded must agree
    /// for as long before it counts as gone. Default 30 s.</summary>
    public TimeSpan CreateLag { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After a create whose outcome is unknown, look this long before sending it again. Default 5 s (flyctl: 0.5 s; lists lag).</summary>
    public TimeSpan AmbiguousLook { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A name that we released ourselves may stay taken for this long. Default 10 min.</summary>
    public TimeSpan NameRelease { get; init; } = TimeSpan.FromMinutes(10);
}
