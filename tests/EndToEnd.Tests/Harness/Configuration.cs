namespace EndToEnd.Tests.Harness;

/// <summary>Production's configuration with its times shortened, and a Fly to match.</summary>
internal static class Configuration
{
    public const string Gemini = "gemini-value-5c1d";
    public const string Braintrust = "braintrust-value-77aa";
    public const string BraintrustProject = "braintrust-project-19f0";
    public const string OpenRouter = "openrouter-value-e03b";

    public static IReadOnlyList<string> SecretValues { get; } =
        [World.Token, World.ServiceKey, Gemini, Braintrust, BraintrustProject, OpenRouter];

    public static SimSettings FastFly { get; } = SimSettings.Instant with
    {
        BootMs = 80,
        UpdateMs = 40,
        StopMs = 40,
        DestroyMs = 40,
        CreatedHoldMs = 60,
        AppDeleteMs = 60,
        CheckMs = 40,
        CrashAfterMs = 40,
        CrashRestartMs = 60,
        AlwaysGivesUpAfter = 3,
        RateLimits = false,
        WholeSeconds = false,
    };

    public static Dictionary<string, string?> For(FlySimServer fly, string databaseUrl, string signalFile) => new()
    {
        ["DATABASE_URL"] = databaseUrl,
        ["FLY_API_TOKEN"] = "FlyV1 " + World.Token,
        ["FLY_API_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_REGISTRY_HOSTNAME"] = fly.BaseAddress.OriginalString,
        ["FLY_ORG_SLUG"] = "vyx",
        ["DOCKER_IMAGE"] = World.Image,
        ["SUPABASE_URL"] = fly.SupabaseAddress.OriginalString,
        ["SUPABASE_SERVICE_ROLE_KEY"] = World.ServiceKey,
        ["GEMINI_API_KEY"] = Gemini,
        ["BRAINTRUST_API_KEY"] = Braintrust,
        ["BRAINTRUST_PROJECT_ID"] = BraintrustProject,
        ["OPENROUTER_API_KEY"] = OpenRouter,
        ["RECONCILER_SIGNAL_FILE"] = signalFile,
        ["Reconciler__HttpBind"] = "127.0.0.1",
        ["Reconciler__HttpPort"] = "0",
        ["Reconciler__RateLimitScale"] = "1000",
        ["Reconciler__Workers"] = "4",
        ["Reconciler__PollInterval"] = "00:00:00.1",
        ["Reconciler__InformerInterval"] = "00:00:00.3",
        ["Reconciler__FullListInterval"] = "00:00:01.5",
        ["Reconciler__ImagePollInterval"] = "00:00:00.5",
        ["Reconciler__ResyncSchedule"] = "0 0 1 1 *",
        ["Reconciler__AuditSchedule"] = "0 0 1 1 *",
        ["Reconciler__LeaseTtl"] = "00:00:06", // two seconds of it are margin, and a busy machine needs some of the rest
        ["Reconciler__LeaseRenew"] = "00:00:01",
        ["Reconciler__DeprovisionGrace"] = "01:00:00",
        ["Reconciler__HealthDeadline"] = "00:00:10",
        ["Reconciler__StuckAfter"] = "00:00:04",
        ["Reconciler__UnreachableAfter"] = "00:00:02",
        ["Reconciler__UnhealthyAfter"] = "00:00:02",
        ["Reconciler__CreateLag"] = "00:00:01",
        ["Reconciler__AmbiguousLook"] = "00:00:01",
        ["Reconciler__NameRelease"] = "00:00:02",
        ["Reconciler__HealthCheck__GracePeriod"] = "00:00:05",
        ["Reconciler__HealthProbe__UrlTemplate"] = new Uri(fly.BaseAddress, "_vm/").OriginalString + "{app}/{machine}/health",
        ["Reconciler__Rollout__Interval"] = "00:00:00.2",
        ["Reconciler__Rollout__MinHealthyTime"] = "00:00:00.3",
        ["Reconciler__Rollout__UserDeadline"] = "00:00:12",
        ["Reconciler__Rollout__Soak"] = "00:00:00",
        ["Reconciler__FlyAttemptTimeout"] = "00:00:05",
    };
}
