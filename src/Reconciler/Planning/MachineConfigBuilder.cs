using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// Turns a spec into the config of a create or update call. An update replaces the whole config, so it starts from what
/// the machine has and overwrites only the fields that we own.
/// </summary>
internal static class MachineConfigBuilder
{
    public static MachineConfig Build(MachineSpec spec, Guid userId, long secretsVersion, string? launchId, MachineConfig? existing)
    {
        var config = existing ?? new MachineConfig();
        return config with
        {
            Image = spec.Image,
            Guest = GuestOf(spec.Guest, existing?.Guest),
            Env = EnvOf(spec, existing?.Env),
            Metadata = MetadataOf(spec, userId, secretsVersion, launchId, existing?.Metadata),
            Restart = new RestartPolicy("always"),
            Checks = ChecksOf(spec.Check, existing?.Checks),
            Services = IngressServices.For(spec.PublicIngress),
            AutoDestroy = false,
        };
    }

    public static MachineCheck CheckOf(HealthCheckPolicy policy) => new()
    {
        Type = "http",
        Port = policy.Port,
        Method = "GET",
        Path = policy.Path,
        Interval = Text(policy.Interval),
        Timeout = Text(policy.Timeout),
        GracePeriod = Text(policy.GracePeriod),
    };

    private static Guest GuestOf(Guest wanted, Guest? existing) =>
        wanted with { CpuKind = wanted.CpuKind ?? "shared", Unknown = existing?.Unknown };

    private static SortedDictionary<string, string> EnvOf(MachineSpec spec, IReadOnlyDictionary<string, string>? existing)
    {
        var env = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in existing ?? new Dictionary<string, string>())
        {
            // A secret in config.env is readable through the API and hides the app secret of the same name.
            if (!spec.SecretNames.Contains(name, StringComparer.Ordinal))
            {
                env[name] = value;
            }
        }

        foreach (var (name, value) in spec.Env)
        {
            env[name] = value;
        }

        return env;
    }

    private static SortedDictionary<string, string> MetadataOf(
        MachineSpec spec, Guid userId, long secretsVersion, string? launchId, IReadOnlyDictionary<string, string>? existing)
    {
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in existing ?? new Dictionary<string, string>())
        {
            metadata[key] = value;
        }

        metadata[OwnedMetadata.ManagedBy] = OwnedMetadata.ManagedByValue;
        metadata[OwnedMetadata.UserId] = userId.ToString();
        metadata[OwnedMetadata.Secrets] = OwnedMetadata.SecretsValue(spec.SecretsDigest, secretsVersion);
        if (launchId is not null)
        {
            metadata[OwnedMetadata.LaunchId] = launchId;
        }

        return metadata;
    }

    private static SortedDictionary<string, MachineCheck> ChecksOf(
        HealthCheckPolicy policy, IReadOnlyDictionary<string, MachineCheck>? existing)
    {
        var checks = new SortedDictionary<string, MachineCheck>(StringComparer.Ordinal);
        foreach (var (name, check) in existing ?? new Dictionary<string, MachineCheck>())
        {
            checks[name] = check;
        }

        checks[policy.Name] = CheckOf(policy);
        return checks;
    }

    /// <summary>Exact to the tick: what is cut off here would be found as drift at every look.</summary>
    private static string Text(TimeSpan duration) => new FlyDuration(duration.Ticks * TimeSpan.NanosecondsPerTick).ToString();
}
