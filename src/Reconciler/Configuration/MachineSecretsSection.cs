using System.Diagnostics.CodeAnalysis;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Reads the secrets of the user machines.</summary>
internal static class MachineSecretsSection
{
    public static MachineSecrets? Read(SettingsReader reader)
    {
        var key = reader.RequiredSecret(
            SecretNames.SupabaseServiceRoleKey, "the project's service_role key, or a secret key that begins with sb_secret_");
        var gemini = Optional(reader, SecretNames.GeminiApiKey);
        var braintrust = Optional(reader, SecretNames.BraintrustApiKey);
        var braintrustProject = Optional(reader, SecretNames.BraintrustProjectId);
        var openRouter = Optional(reader, SecretNames.OpenRouterApiKey);
        var url = reader.Required<string>(
            SecretNames.SupabaseUrl,
            "the project's address, such as https://abcdefghijklmnopqrst.supabase.co",
            "the project's own http:// or https:// address, such as https://abcdefghijklmnopqrst.supabase.co (neither the dashboard's nor one that ends in /rest/v1)",
            TryProjectAddress);
        if (url is not null && IsClearTextOverTheNetwork(url))
        {
            reader.Warn(SecretNames.SupabaseUrl, "begins with http://, so the service key travels in clear: use https://");
        }

        var previous = Previous(reader);
        if (key is not null && url is not null)
        {
            WarnOfForm(reader, key, url);
        }

        return key is null || url is null ? null : new MachineSecrets
        {
            SupabaseUrl = url,
            ServiceRoleKey = key,
            GeminiApiKey = gemini,
            BraintrustApiKey = braintrust,
            BraintrustProjectId = braintrustProject,
            OpenRouterApiKey = openRouter,
            Previous = previous,
        };
    }

    /// <summary>Only a warning: machines keep the secrets they have, and everything else can still be kept right. Expiry needs a clock
    /// and is the verifier's to judge.</summary>
    private static void WarnOfForm(SettingsReader reader, SecretText key, string url)
    {
        if (ServiceKeyForm.Inspect(key, url, now: DateTimeOffset.MinValue).Problem is { } problem)
        {
            reader.Warn($"{problem}; until then no machine gets new secrets");
        }
    }

    /// <summary>With these a rotation can be taken back. They are no secrets of machines by themselves.</summary>
    private static SortedDictionary<string, SecretText> Previous(SettingsReader reader)
    {
        var previous = new SortedDictionary<string, SecretText>(StringComparer.Ordinal);
        foreach (var name in SecretNames.Rotatable)
        {
            if (reader.OptionalSecret(name + SecretNames.PreviousSuffix) is { } value)
            {
                previous[name] = value;
            }
        }

        return previous;
    }

    private static SecretText? Optional(SettingsReader reader, string name)
    {
        var secret = reader.OptionalSecret(name);
        if (secret is null && !reader.HasProblem(name))
        {
            reader.Warn(name, "is not set: it is not managed, and machines keep the value they have");
        }

        return secret;
    }

    private static bool TryProjectAddress(string text, [NotNullWhen(true)] out string? url)
    {
        url = Formats.TryAddress(text, out var address)
            && address.Host is not ("supabase.com" or "www.supabase.com" or "app.supabase.com")
            && !address.AbsolutePath.Contains("/rest/v1", StringComparison.Ordinal)
                ? text.TrimEnd('/')
                : null;
        return url is not null;
    }

    private static bool IsClearTextOverTheNetwork(string url) => new Uri(url) is { Scheme: "http", IsLoopback: false };
}
