namespace Reconciler.Secrets;

/// <summary>The names of the app secrets that a user machine's program reads.</summary>
public static class SecretNames
{
    public const string UserId = "USER_ID";
    public const string RunMode = "RUN_MODE";
    public const string SupabaseUrl = "SUPABASE_URL";

    /// <summary>What older images read; carries the same key as <see cref="SupabaseServiceRoleKey"/>.</summary>
    public const string SupabaseServiceKey = "SUPABASE_SERVICE_KEY";

    public const string SupabaseServiceRoleKey = "SUPABASE_SERVICE_ROLE_KEY";
    public const string GeminiApiKey = "GEMINI_API_KEY";
    public const string BraintrustApiKey = "BRAINTRUST_API_KEY";
    public const string BraintrustProjectId = "BRAINTRUST_PROJECT_ID";
    public const string OpenRouterApiKey = "OPENROUTER_API_KEY";

    /// <summary>All of them, those that are optional included: none may be in a machine's plain environment.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BraintrustApiKey, BraintrustProjectId, GeminiApiKey, OpenRouterApiKey, RunMode, SupabaseServiceKey, SupabaseServiceRoleKey,
        SupabaseUrl, UserId,
    ];
}
