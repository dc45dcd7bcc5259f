using System.Globalization;

namespace Reconciler.Secrets;

/// <summary>What can be told about a service key by looking at it: the mistakes that are made when keys are copied from a dashboard.</summary>
public static class ServiceKeyForm
{
    private const string Name = SecretNames.SupabaseServiceRoleKey;
    private const string Cure = "copy the service_role key (or a secret key, sb_secret_…) from the project's API settings";
    private static readonly TimeSpan ExpiresSoon = TimeSpan.FromDays(7);

    public static KeyVerdict Inspect(SecretText key, string supabaseUrl, DateTimeOffset now)
    {
        var text = key.Reveal();
        if (text.StartsWith("sb_secret_", StringComparison.Ordinal))
        {
            return text.Length > "sb_secret_".Length ? KeyVerdict.Good : KeyVerdict.Bad($"{Name} is cut short: {Cure}");
        }

        if (text.StartsWith("sb_publishable_", StringComparison.Ordinal))
        {
            return KeyVerdict.Bad($"{Name} is the publishable key, which cannot write signals: {Cure}");
        }

        if (text.StartsWith("sbp_", StringComparison.Ordinal))
        {
            return KeyVerdict.Bad($"{Name} is a personal access token of the Supabase account: {Cure}");
        }

        return JwtClaims.TryParse(text, out var claims)
            ? Judge(claims, supabaseUrl, now)
            : KeyVerdict.Bad($"{Name} is neither a JWT nor a key that begins with sb_secret_: {Cure}");
    }

    private static KeyVerdict Judge(JwtClaims claims, string supabaseUrl, DateTimeOffset now)
    {
        if (claims.Role != "service_role")
        {
            return KeyVerdict.Bad(claims.Role == "anon"
                ? $"{Name} is the anon key, which cannot write signals: {Cure}"
                : $"{Name} is a JWT whose role is not service_role: {Cure}");
        }

        if (ProjectOf(supabaseUrl) is { } project && claims.ProjectRef != project)
        {
            return KeyVerdict.Bad($"{Name} belongs to another project than {SecretNames.SupabaseUrl}, which is '{project}': take both from one project");
        }

        if (claims.ExpiresAt is not { } expires)
        {
            return KeyVerdict.Good;
        }

        var date = expires.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        if (expires <= now)
        {
            return KeyVerdict.Bad($"{Name} expired on {date}: {Cure}");
        }

        return expires - now < ExpiresSoon ? new KeyVerdict(null, $"{Name} expires on {date}: replace it before, {Cure}") : KeyVerdict.Good;
    }

    /// <summary>The project's reference when the host names it; a custom domain or a local instance does not.</summary>
    private static string? ProjectOf(string supabaseUrl)
    {
        const string Suffix = ".supabase.co";
        return Uri.TryCreate(supabaseUrl, UriKind.Absolute, out var uri) && uri.Host.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase)
            ? uri.Host[..^Suffix.Length]
            : null;
    }
}
