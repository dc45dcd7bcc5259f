namespace FlySim;

/// <summary>
/// How fast and how strict the simulated platform is. Times are milliseconds and may be zero. Everything here can be
/// changed while the server runs; a transition already under way keeps the time it was given.
/// </summary>
public sealed record SimSettings
{
    /// <summary>Added to every answer of the API, before the request takes effect.</summary>
    public int LatencyMs { get; init; }

    /// <summary>From create (or start) to <c>started</c>: image pull and boot.</summary>
    public int BootMs { get; init; } = 300;

    /// <summary>How long an updated machine is <c>replacing</c> before it boots or rests.</summary>
    public int UpdateMs { get; init; } = 200;

    public int StopMs { get; init; } = 100;

    public int DestroyMs { get; init; } = 100;

    /// <summary>How long a machine created with <c>skip_launch</c> refuses to start (412).</summary>
    public int CreatedHoldMs { get; init; } = 200;

    /// <summary>From the 202 of an app's deletion until it and all it holds are gone.</summary>
    public int AppDeleteMs { get; init; } = 200;

    /// <summary>How long after that a name still answers "taken" to a create while GET already says 404.</summary>
    public int AppNameHeldMs { get; init; }

    /// <summary>How long a new app still answers 404.</summary>
    public int AppVisibleAfterMs { get; init; }

    /// <summary>How long a new machine still answers 404 by id.</summary>
    public int MachineVisibleAfterMs { get; init; }

    /// <summary>How long a destroyed machine is still returned by id, as <c>destroyed</c>, before it is 404.</summary>
    public int DestroyedVisibleMs { get; init; } = 600_000;

    /// <summary>How old the lists' view of the world is; reads by id are never stale.</summary>
    public int ListLagMs { get; init; }

    /// <summary>How old the secrets are that a launch without <c>min_secrets_version</c> may boot with.</summary>
    public int SecretsLagMs { get; init; }

    /// <summary>From the end of a check's grace period to its first result.</summary>
    public int CheckMs { get; init; } = 100;

    /// <summary>Multiplies the checks' grace periods, so that tests need not wait for production's.</summary>
    public double GraceScale { get; init; } = 1;

    /// <summary>How long a crashing program lives.</summary>
    public int CrashAfterMs { get; init; } = 100;

    /// <summary>From a crash to the platform's next try.</summary>
    public int CrashRestartMs { get; init; } = 500;

    /// <summary>Tries after which restart policy <c>always</c> ends in <c>failed</c>; 0 = never.</summary>
    public int AlwaysGivesUpAfter { get; init; } = 10;

    /// <summary>Fly's published limits: 1/s with a burst of 3 per action and identifier, GET machine 5/s and 10, app deletions 100/min.</summary>
    public bool RateLimits { get; init; } = true;

    /// <summary>Multiplies rates and bursts.</summary>
    public double RateLimitScale { get; init; } = 1;

    /// <summary>Sent with a 429 when set; Fly is reported not to send it.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Live machines an organisation may have; one more is a 422. Null = no limit.</summary>
    public int? MachineLimit { get; init; }

    /// <summary>Whether a machine's name stays taken until it is <c>destroyed</c>, or is free from <c>destroying</c> on.</summary>
    public bool NameHeldWhileDestroying { get; init; } = true;

    /// <summary>Whether an update of a stopped machine starts it, as Fly's documentation says and its behaviour does not.</summary>
    public bool UpdateStartsStopped { get; init; }

    /// <summary>Whether a plain start boots with the newest secrets, or with those of the boot before.</summary>
    public bool StartAppliesSecrets { get; init; } = true;

    /// <summary>Whether machines show their times in whole seconds, as the documentation's examples do: two changes can look like one.</summary>
    public bool WholeSeconds { get; init; } = true;

    /// <summary>Largest page of the organisation's machine list; the caller's limit is capped by it.</summary>
    public int MaxPageSize { get; init; } = 1000;

    /// <summary>All delays zero: for tests that are about something else.</summary>
    public static SimSettings Instant { get; } = new()
    {
        BootMs = 0,
        UpdateMs = 0,
        StopMs = 0,
        DestroyMs = 0,
        CreatedHoldMs = 0,
        AppDeleteMs = 0,
        CheckMs = 0,
        GraceScale = 0,
        CrashAfterMs = 0,
        CrashRestartMs = 10,
    };
}
