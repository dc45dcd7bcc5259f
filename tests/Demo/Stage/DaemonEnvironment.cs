using System.Globalization;

namespace Demo.Stage;

/// <summary>The daemon's configuration: an operator's environment, with intervals short enough to watch.</summary>
internal static class DaemonEnvironment
{
    /// <summary>Between stop and removal after a downgrade.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at what the image policy names.</summary>
    public static readonly TimeSpan ImagePoll = TimeSpan.FromSeconds(1);

    public const string Region = "sin";
    public const string LogLevelName = "LOG_LEVEL";
    public const string LogLevel = "info";

    public static SortedDictionary<string, string> Of(
        DemoSecrets secrets, Uri fly, Uri supabase, string databaseUrl, string image, string signalFile, int httpPort) => new(StringComparer.Ordinal)
    {
        ["DATABASE_URL"] = databaseUrl,
        ["FLY_API_TOKEN"] = secrets.FlyToken,
        ["FLY_API_HOSTNAME"] = fly.GetLeftPart(UriPartial.Authority),
        ["FLY_REGISTRY_HOSTNAME"] = fly.GetLeftPart(UriPartial.Authority),
        ["FLY_ORG_SLUG"] = "vyx",
        ["FLY_DEFAULT_REGION"] = Region,
        ["DOCKER_IMAGE"] = image,
        ["SUPABASE_URL"] = supabase.AbsoluteUri,
        ["SUPABASE_SERVICE_ROLE_KEY"] = secrets.ServiceKey,
        ["GEMINI_API_KEY"] = secrets.GeminiKey,
        ["BRAINTRUST_API_KEY"] = secrets.BraintrustKey,
        ["BRAINTRUST_PROJECT_ID"] = secrets.BraintrustProject,
        ["OPENROUTER_API_KEY"] = secrets.OpenRouterKey,
        ["RECONCILER_SIGNAL_FILE"] = signalFile,
        ["Reconciler__Console__Token"] = secrets.ConsoleToken,
        ["Reconciler__HttpBind"] = "127.0.0.1",
        ["Reconciler__HttpPort"] = httpPort.ToString(CultureInfo.InvariantCulture),
        ["Reconciler__Env__" + LogLevelName] = LogLevel,
        ["Reconciler__DeprovisionGrace"] = Grace.ToString("c", CultureInfo.InvariantCulture),
        ["Reconciler__InformerInterval"] = "00:00:00.4",
        ["Reconciler__FullListInterval"] = "00:00:05",
        ["Reconciler__ImagePollInterval"] = ImagePoll.ToString("c", CultureInfo.InvariantCulture),
        ["Reconciler__PollInterval"] = "00:00:00.4",
        ["Reconciler__CreateLag"] = "00:00:02",
        ["Reconciler__LeaseTtl"] = "00:00:05",
        ["Reconciler__Rollout__Interval"] = "00:00:00.3",
        ["Reconciler__Rollout__MinHealthyTime"] = "00:00:00.5",
        ["Reconciler__Rollout__Soak"] = "00:00:00",
        ["Reconciler__HealthCheck__GracePeriod"] = "00:00:01",
        ["Reconciler__HealthProbe__UrlTemplate"] = $"{fly.GetLeftPart(UriPartial.Authority)}/_vm/{{app}}/{{machine}}/health",
    };
}
