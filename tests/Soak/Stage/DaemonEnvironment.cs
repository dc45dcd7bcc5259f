namespace Soak.Stage;

/// <summary>Production's configuration with its times shortened, and a Fly to match.</summary>
internal static class DaemonEnvironment
{
    /// <summary>The shortest that the daemon accepts.</summary>
    public static readonly TimeSpan LeaseTtl = TimeSpan.FromSeconds(3);

    /// <summary>Each user is looked at in full this often: the quiet at the end has to survive such a look.</summary>
    public static readonly TimeSpan AuditEvery = TimeSpan.FromSeconds(10);

    public static SimSettings Pace { get; } = SimSettings.Instant with
    {
        LatencyMs = 3,
        BootMs = 120,
        UpdateMs = 60,
        StopMs = 60,
        DestroyMs = 60,
        CreatedHoldMs = 60,
        AppDeleteMs = 80,
        CheckMs = 50,
        CrashAfterMs = 60,
        CrashRestartMs = 100,
        AlwaysGivesUpAfter = 3,
        RateLimits = false,
        WholeSeconds = false,
    };

    public static Dictionary<string, string?> Of(Canaries canaries, FlySimServer fly, string databaseUrl, string image, string signalFile) => new()
    {
        ["DATABASE_URL"] = databaseUrl,
        ["FLY_API_TOKEN"] = "FlyV1 " + canaries.FlyToken,
        ["FLY_API_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_REGISTRY_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_ORG_SLUG"] = "vyx",
        ["DOCKER_IMAGE"] = image,
        ["SUPABASE_URL"] = fly.SupabaseAddress.OriginalString,
        ["SUPABASE_SERVICE_ROLE_KEY"] = canaries.ServiceKey,
        ["GEMINI_API_KEY"] = canaries.Gemini,
        ["BRAINTRUST_API_KEY"] = canaries.Braintrust,
        ["BRAINTRUST_PROJECT_ID"] = canaries.BraintrustProject,
        ["OPENROUTER_API_KEY"] = canaries.OpenRouter,
        ["RECONCILER_SIGNAL_FILE"] = signalFile,
        ["Reconciler__HttpBind"] = "127.0.0.1",
        ["Reconciler__HttpPort"] = "0",
        ["Reconciler__RateLimitScale"] = "1000",
        ["Reconciler__Workers"] = "12",
        ["Reconciler__PollInterval"] = "00:00:00.2",
        ["Reconciler__InformerInterval"] = "00:00:00.5",
        ["Reconciler__FullListInterval"] = "00:00:02",
        ["Reconciler__ImagePollInterval"] = "00:00:01",
        ["Reconciler__ResyncSchedule"] = "*/5 * * * * *",
        ["Reconciler__AuditSchedule"] = string.Create(CultureInfo.InvariantCulture, $"*/{(int)AuditEvery.TotalSeconds} * * * * *"),
        ["Reconciler__LeaseTtl"] = LeaseTtl.ToString("c", CultureInfo.InvariantCulture),
        ["Reconciler__LeaseRenew"] = "00:00:00.5",
        ["Reconciler__DrainTimeout"] = "00:00:05",
        ["Reconciler__DeprovisionGrace"] = "00:00:02",
        ["Reconciler__HealthDeadline"] = "00:00:10",
        ["Reconciler__StuckAfter"] = "00:00:05",
        ["Reconciler__UnreachableAfter"] = "00:00:02",
        ["Reconciler__UnhealthyAfter"] = "00:00:03",
        ["Reconciler__CrashReset"] = "00:00:02",
        ["Reconciler__CreateLag"] = "00:00:01",
        ["Reconciler__AmbiguousLook"] = "00:00:01",
        ["Reconciler__NameRelease"] = "00:00:05",
        ["Reconciler__FlyAttemptTimeout"] = "00:00:02",
        ["Reconciler__HealthCheck__GracePeriod"] = "00:00:05",
        ["Reconciler__HealthProbe__UrlTemplate"] = new Uri(fly.BaseAddress, "_vm/").OriginalString + "{app}/{machine}/health",
        // In a fleet where everything breaks all the time, a good revision would soon be found bad: that users fail is told, and
        // nothing is concluded from it. RolloutTests shows what is in a fleet that works.
        ["Reconciler__Rollout__Interval"] = "00:00:00.3",
        ["Reconciler__Rollout__MinHealthyTime"] = "00:00:00",
        ["Reconciler__Rollout__UserDeadline"] = "00:00:12",
        ["Reconciler__Rollout__Soak"] = "00:00:00",
        ["Reconciler__Rollout__CanaryCount"] = "0",
        ["Reconciler__Rollout__MaxUnavailable"] = "1000",
        ["Reconciler__Rollout__FailureThreshold"] = "1000",
        // Users come and go faster than any real fleet's; SafetyTests shows what the tripwire does.
        ["Reconciler__ShrinkTripwireShare"] = "0.9",
        ["Reconciler__ShrinkWindow"] = "00:00:01",
    };
}
