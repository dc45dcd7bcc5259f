using System.Security.Cryptography;

namespace Demo.Stage;

/// <summary>Values of this run alone, so that a search for them can find nothing but a leak.</summary>
internal sealed record DemoSecrets
{
    public string FlyToken { get; } = "fo1_" + Random();
    public string ServiceKey { get; } = "sb_secret_" + Random();
    public string GeminiKey { get; } = "gemini-" + Random();
    public string BraintrustKey { get; } = "braintrust-" + Random();
    public string BraintrustProject { get; } = "project-" + Random();
    public string OpenRouterKey { get; } = "openrouter-" + Random();
    public string ConsoleToken { get; } = "console-" + Random();

    /// <summary>What must show up nowhere but in requests to Fly and in machines.</summary>
    public IReadOnlyList<string> Sensitive => [FlyToken, ServiceKey, GeminiKey, BraintrustKey, BraintrustProject, OpenRouterKey, ConsoleToken];

    /// <summary>The nine variables that a user's machine must have booted with.</summary>
    public IReadOnlyDictionary<string, string> OfMachine(Guid userId, Uri supabase) => new Dictionary<string, string>
    {
        ["USER_ID"] = userId.ToString(),
        ["RUN_MODE"] = "user_dedicated",
        ["SUPABASE_URL"] = supabase.AbsoluteUri,
        ["SUPABASE_SERVICE_KEY"] = ServiceKey,
        ["SUPABASE_SERVICE_ROLE_KEY"] = ServiceKey,
        ["GEMINI_API_KEY"] = GeminiKey,
        ["BRAINTRUST_API_KEY"] = BraintrustKey,
        ["BRAINTRUST_PROJECT_ID"] = BraintrustProject,
        ["OPENROUTER_API_KEY"] = OpenRouterKey,
    };

    public override string ToString() => nameof(DemoSecrets);

    private static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
