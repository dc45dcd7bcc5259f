using Microsoft.Extensions.Configuration;
using Reconciler.Configuration;

namespace Simulation.Worlds;

/// <summary>Valid settings, read by the product's own loader from what an environment would hold; one reading for each combination.</summary>
internal static class Configurations
{
    private static readonly Dictionary<Configuration, Settings> Known = [];

    public static Settings Of(Configuration configuration)
    {
        if (!Known.TryGetValue(configuration, out var settings))
        {
            Known[configuration] = settings = Load(configuration);
        }

        return settings;
    }

    private static Settings Load(Configuration configuration)
    {
        var result = SettingsLoader.Load(new ConfigurationBuilder().AddInMemoryCollection(Values(configuration)).Build());
        return result.Settings ?? throw new InvalidOperationException(string.Join('\n', result.Problems));
    }

    private static Dictionary<string, string?> Values(Configuration configuration)
    {
        var values = new Dictionary<string, string?>
        {
            ["DATABASE_URL"] = "postgresql://simulated/none",
            ["FLY_API_TOKEN"] = Names.Token,
            ["FLY_API_HOSTNAME"] = Names.Host,
            ["FLY_REGISTRY_HOSTNAME"] = Names.Host,
            ["FLY_ORG_SLUG"] = configuration.Org,
            ["DOCKER_IMAGE"] = configuration.Image,
            ["SUPABASE_URL"] = Names.Host + "_supabase",
            ["SUPABASE_SERVICE_ROLE_KEY"] = configuration.ServiceKey,
            ["GEMINI_API_KEY"] = "canary-gemini-3c",
            ["BRAINTRUST_API_KEY"] = "canary-braintrust-9f",
            ["BRAINTRUST_PROJECT_ID"] = "canary-project-aa",
            ["OPENROUTER_API_KEY"] = "canary-router-b7",
            ["RECONCILER_SIGNAL_FILE"] = "/nowhere/force",
            ["Reconciler:Env:RELEASE"] = configuration.Release,
            ["Reconciler:LeaseName"] = configuration.LeaseName,
            ["Reconciler:DestroyBudget"] = Text(configuration.DestroyBudget),
            ["Reconciler:DeprovisionGrace"] = Text(configuration.Grace),
            ["Reconciler:InformerInterval"] = Text(configuration.InformerInterval),
            ["Reconciler:PublicIngress"] = configuration.PublicIngress ? "true" : "false",
            ["Reconciler:AuditSchedule"] = configuration.AuditSchedule,
            ["Reconciler:ResyncSchedule"] = configuration.ResyncSchedule,
            ["Reconciler:LeaseTtl"] = Text(configuration.LeaseTtl),
            ["Reconciler:Workers"] = Text(configuration.Workers),
            ["Reconciler:Rollout:MinHealthyTime"] = "00:00:04",
            ["Reconciler:Rollout:Soak"] = "00:00:10",
            ["Reconciler:Rollout:MaxUnavailable"] = Text(configuration.MaxUnavailable),
            ["Reconciler:Rollout:UserDeadline"] = configuration.ShortDeadlines ? "00:02:00" : "00:05:00",
            ["Reconciler:HealthProbe:UrlTemplate"] = configuration.Probe ? Names.Host + "_vm/{app}/{machine}/health" : "",
        };
        if (configuration.ShortDeadlines)
        {
            values["Reconciler:FullListInterval"] = "00:01:00";
            values["Reconciler:ImagePollInterval"] = "00:00:20";
            values["Reconciler:HealthDeadline"] = "00:01:00";
            values["Reconciler:StuckAfter"] = "00:01:30";
            values["Reconciler:UnreachableAfter"] = "00:01:00";
            values["Reconciler:UnhealthyAfter"] = "00:00:40";
            values["Reconciler:CrashReset"] = "00:02:00";
            values["Reconciler:NameRelease"] = "00:02:00";
        }

        return values;
    }

    private static string Text(IFormattable value) => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture);
}
