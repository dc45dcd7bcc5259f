using FlyApi.Contracts;
using Microsoft.Extensions.Configuration;
using Reconciler.Model;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Reads what every user of a tier gets.</summary>
internal static class FleetSection
{
    private const string Tiers = "Reconciler:Tiers";
    private const string Env = "Reconciler:Env";

    private const string DefaultPrefix = "vyx-user-";
    private static readonly Guest DefaultGuest = new(GuestRules.Shared, 2, 512);

    public static FleetSettings Read(SettingsReader reader) => new()
    {
        AppNamePrefix = reader.Read(
            "Reconciler:AppNamePrefix",
            DefaultPrefix,
            $"up to {Formats.LongestAppNamePrefix} lower-case letters, digits and dashes, a letter first",
            Formats.TryAppNamePrefix,
            DefaultPrefix),
        Guests = ReadGuests(reader),
        Env = ReadEnv(reader),
        PublicIngress = reader.Flag("Reconciler:PublicIngress", fallback: false),
        Check = ReadCheck(reader),
    };

    private static SortedDictionary<string, Guest> ReadGuests(SettingsReader reader)
    {
        foreach (var tier in reader.Children(Tiers).Where(child => child.Key is not ("pro" or "elite")))
        {
            reader.OpenMap(tier.Path);
            reader.Problem(tier.Path, "is not a tier with machines: these are pro and elite; correct the name, or remove it");
        }

        return new SortedDictionary<string, Guest>(StringComparer.Ordinal)
        {
            ["elite"] = ReadGuest(reader, $"{Tiers}:elite:Guest"),
            ["pro"] = ReadGuest(reader, $"{Tiers}:pro:Guest"),
        };
    }

    /// <summary>One text, or three keys below the name.</summary>
    private static Guest ReadGuest(SettingsReader reader, string name)
    {
        var whole = reader.Read(name, DefaultGuest, GuestText.Example, GuestText.TryParse, "shared-cpu-2x:512MB");
        var guest = new Guest(
            reader.Read(name + ":CpuKind", whole.CpuKind!, "shared or performance", TryCpuKind, whole.CpuKind!),
            reader.Whole(name + ":Cpus", whole.Cpus, 1, 16),
            reader.Whole(name + ":MemoryMb", whole.MemoryMb, 256, 131_072));
        if (GuestRules.Problem(guest) is { } problem && !reader.HasProblem(name))
        {
            reader.Problem(name, $"is {guest.CpuKind}, {guest.Cpus} CPUs, {guest.MemoryMb} MB, which Fly refuses: {problem}; correct it, or remove it to get shared-cpu-2x:512MB");
        }

        return guest;
    }

    private static bool TryCpuKind(string text, out string kind)
    {
        kind = text;
        return text is GuestRules.Shared or GuestRules.Performance;
    }

    private static SortedDictionary<string, string> ReadEnv(SettingsReader reader)
    {
        var env = new SortedDictionary<string, string>(StringComparer.Ordinal);
        reader.OpenMap(Env);
        foreach (var entry in reader.Children(Env))
        {
            if (FindEnvProblem(entry) is { } problem)
            {
                reader.Problem(entry.Path, problem);
                continue;
            }

            if (LooksLikeASecret(entry.Key))
            {
                reader.Warn(entry.Path, "sounds like a secret, but whoever may read machines at Fly can read their environment: do not keep secrets there");
            }

            env[entry.Key] = entry.Value ?? "";
        }

        return env;
    }

    private static string? FindEnvProblem(IConfigurationSection entry)
    {
        if (SecretNames.All.Contains(entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            return "is the name of a secret that machines get as an app secret: remove it";
        }

        if (entry.GetChildren().Any())
        {
            return "continues with a second level: a name with two underscores in it can be given in appsettings.json only; move it there, or rename it";
        }

        if (entry.Value?.Contains('\0', StringComparison.Ordinal) == true)
        {
            return "holds a NUL character, which no environment can: remove it";
        }

        return Formats.IsEnvName(entry.Key) ? null : "is not a name for the environment: allowed are A-Z, 0-9 and _, not a digit first; rename it";
    }

    private static bool LooksLikeASecret(string name) =>
        name.EndsWith("_KEY", StringComparison.Ordinal)
        || name.EndsWith("_TOKEN", StringComparison.Ordinal)
        || name.Contains("SECRET", StringComparison.Ordinal)
        || name.Contains("PASSWORD", StringComparison.Ordinal);

    private static HealthCheckPolicy ReadCheck(SettingsReader reader)
    {
        const string Section = "Reconciler:HealthCheck";
        var (second, hour) = (TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        return new HealthCheckPolicy(
            "health",
            reader.Whole(Section + ":Port", 8080, 1, 65_535),
            reader.Read(Section + ":Path", "/health", "a path that begins with /, without spaces", Formats.TryUrlPath, "/health"),
            reader.Duration(Section + ":Interval", TimeSpan.FromSeconds(15), second, hour),
            reader.Duration(Section + ":Timeout", TimeSpan.FromSeconds(5), second, TimeSpan.FromMinutes(1)),
            reader.Duration(Section + ":GracePeriod", TimeSpan.FromSeconds(30), TimeSpan.Zero, hour));
    }
}
