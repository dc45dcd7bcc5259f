using System.Globalization;
using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>The metadata keys that are ours. They are readable in Fly's DNS, so they hold ids and digests only.</summary>
internal static class OwnedMetadata
{
    public const string ManagedBy = "managed_by";
    public const string ManagedByValue = "fly-reconciler";
    public const string UserId = "reconciler_user_id";

    /// <summary>Digest and app-wide version of the secrets that the machine was told to boot with: <c>digest.version</c>.</summary>
    public const string Secrets = "reconciler_secrets";

    /// <summary>The create call that made the machine; looked up after a call whose outcome is unknown.</summary>
    public const string LaunchId = "reconciler_launch_id";

    public static string SecretsValue(string digest, long version) =>
        string.Create(CultureInfo.InvariantCulture, $"{digest}.{version}");

    /// <summary>What the machine was told to boot with; null when it was not by us.</summary>
    public static (string Digest, long Version)? AppliedSecrets(Machine machine)
    {
        if (machine.Config?.Metadata?.GetValueOrDefault(Secrets) is not { } value || value.LastIndexOf('.') is not (> 0 and var dot))
        {
            return null;
        }

        return long.TryParse(value.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? (value[..dot], version)
            : null;
    }

    /// <summary>The user that the machine says it works for: our metadata, else the plain variable of the old functions; null when it says nothing.</summary>
    public static string? ClaimedUser(Machine machine)
    {
        var config = machine.Config ?? machine.IncompleteConfig;
        return config?.Metadata?.GetValueOrDefault(UserId) ?? config?.Env?.GetValueOrDefault("USER_ID");
    }

    /// <summary>Keys whose values differ from what they should be; empty when all is well.</summary>
    public static SortedDictionary<string, string?> Changes(Machine machine, Guid userId)
    {
        var changes = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var metadata = machine.Config?.Metadata;
        foreach (var (key, value) in new[] { (ManagedBy, ManagedByValue), (UserId, userId.ToString()) })
        {
            if (metadata?.GetValueOrDefault(key) != value)
            {
                changes[key] = value;
            }
        }

        return changes;
    }
}
