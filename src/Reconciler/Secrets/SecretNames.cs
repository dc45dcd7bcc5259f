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

    /// <summary>Ends the name of the variable with the value before the last rotation.</summary>
    public const string PreviousSuffix = "_PREVIOUS";

    /// <summary>Those whose previous value the configuration may hold.</summary>
    public static IReadOnlyList<string> Rotatable { get; } =
        [SupabaseServiceRoleKey, GeminiApiKey, BraintrustApiKey, BraintrustProjectId, OpenRouterApiKey];

    /// <summary>All of them, those that are optional included: none may be in a machine's plain environment.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        BraintrustApiKey, BraintrustProjectId, GeminiApiKey, OpenRouterApiKey, RunMode, SupabaseServiceKey, SupabaseServiceRoleKey,
        SupabaseUrl, UserId,
    ];
}
