using Microsoft.Extensions.Configuration;
using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

/// <summary>A configuration that is valid, from which a test departs in what matters to it.</summary>
internal static class Given
{
    public const string DatabaseUrl = "postgres://owner:Pg-Secret-1@db.example.com/app";
    public const string FlyToken = "FlyV1 fm2_FlyTokenSecret2,fm2_discharge";
    public const string ServiceKey = "sb_secret_SupabaseSecret3";
    public const string GeminiKey = "GeminiSecret4";
    public const string BraintrustKey = "BraintrustSecret5";
    public const string BraintrustProject = "BraintrustProject6";
    public const string OpenRouterKey = "OpenRouterSecret7";

    public static IReadOnlyList<string> Secrets { get; } =
        ["Pg-Secret-1", "FlyTokenSecret2", "fm2_discharge", "SupabaseSecret3", GeminiKey, BraintrustKey, BraintrustProject, OpenRouterKey];

    public static Dictionary<string, string?> Valid() => new()
    {
        ["DATABASE_URL"] = DatabaseUrl,
        ["FLY_API_TOKEN"] = FlyToken,
        ["FLY_ORG_SLUG"] = "acme",
        ["DOCKER_IMAGE"] = "registry.fly.io/vyx-app:deployment-1",
        ["SUPABASE_URL"] = "https://abcdefghijklmnopqrst.supabase.co",
        ["SUPABASE_SERVICE_ROLE_KEY"] = ServiceKey,
        ["GEMINI_API_KEY"] = GeminiKey,
        ["BRAINTRUST_API_KEY"] = BraintrustKey,
        ["BRAINTRUST_PROJECT_ID"] = BraintrustProject,
        ["OPENROUTER_API_KEY"] = OpenRouterKey,
    };

    public static SettingsResult Load(params (string Name, string? Value)[] changes)
    {
        var values = Valid();
        foreach (var (name, value) in changes)
        {
            values[Path(name)] = value;
        }

        return Load(values);
    }

    public static SettingsResult Load(IReadOnlyDictionary<string, string?> values) =>
        SettingsLoader.Load(new ConfigurationBuilder().AddInMemoryCollection(values).Build());

    public static Settings Settings(params (string Name, string? Value)[] changes)
    {
        var result = Load(changes);
        Assert.Empty(result.Problems);
        return result.Settings!;
    }

    /// <summary>What the environment provider makes of a variable's name.</summary>
    private static string Path(string name) => name.Replace("__", ":", StringComparison.Ordinal);
}
