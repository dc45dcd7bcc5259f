using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// The differences between a machine and its spec, in the fields that we own. What Fly adds or rewrites (defaults, an
/// <c>init</c> block, a tag beside the same digest) is not drift.
/// </summary>
internal static class DriftDetector
{
    public static Drift? Region(MachineSpec spec, Machine machine) =>
        machine.Region == spec.Region ? null : new Drift("region", machine.Region, spec.Region);

    /// <summary>What only an update (a new version, with a restart) can repair.</summary>
    public static IReadOnlyList<Drift> Config(MachineSpec spec, Machine machine, AppMemory memory)
    {
        if (machine.Config is not { } config)
        {
            return [];
        }

        var drifts = new List<Drift>();
        Add(drifts, Image(spec, machine, config));
        Add(drifts, GuestDrift(spec.Guest, config.Guest));
        drifts.AddRange(Env(spec, config));
        Add(drifts, Check(spec.Check, config));
        Add(drifts, config.Restart?.Policy == "always" ? null : new Drift("restart", config.Restart?.Policy ?? "(none)", "always"));
        Add(drifts, config.AutoDestroy is true ? new Drift("auto_destroy", "true", "false") : null);
        Add(drifts, IngressServices.Matches(config.Services, spec.PublicIngress)
            ? null
            : new Drift("services", spec.PublicIngress ? "(other)" : "(some)", spec.PublicIngress ? "80, 443 -> 8080" : "(none)"));
        Add(drifts, Secrets(spec, machine, memory));
        return drifts;
    }

    private static Drift? Image(MachineSpec spec, Machine machine, MachineConfig config)
    {
        // What a started machine resolved to is what runs; in any other state the config's own digest is what was asked for last.
        var (asked, resolved) = (DigestOf(config.Image), machine.ImageRef?.Digest);
        var digest = machine.State == MachineStates.Started ? resolved ?? asked : asked ?? resolved;
        var same = digest is null ? config.Image == spec.Image : digest == spec.ImageDigest;
        return same ? null : new Drift("image", asked == spec.ImageDigest ? digest : config.Image ?? digest, spec.ImageLabel);
    }

    /// <summary>The machine runs another digest than its config asks for: the update was not carried out, whatever its state says.</summary>
    public static bool RunsAnotherDigest(MachineSpec spec, Machine machine) =>
        machine.ImageRef?.Digest is { } digest && digest != spec.ImageDigest;

    /// <summary>The set is the right one, and Fly has a newer version of it than the machine was told to boot with.</summary>
    public static bool BootedWithOlderSecrets(MachineSpec spec, Machine machine, AppMemory memory) =>
        OwnedMetadata.AppliedSecrets(machine) is { } applied && applied.Digest == spec.SecretsDigest
        && memory.Secrets is { } set && set.SetDigest == spec.SecretsDigest && applied.Version < set.Version;

    private static string? DigestOf(string? image) =>
        image?.IndexOf('@', StringComparison.Ordinal) is { } at and >= 0 ? image[(at + 1)..] : null;

    private static Drift? GuestDrift(Guest wanted, Guest? observed)
    {
        var same = observed is not null
            && (observed.CpuKind ?? "shared") == (wanted.CpuKind ?? "shared")
            && observed.Cpus == wanted.Cpus
            && observed.MemoryMb == wanted.MemoryMb;
        return same ? null : new Drift("guest", Show(observed), Show(wanted));
    }

    private static string Show(Guest? guest) => guest is null
        ? "(none)"
        : string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{guest.CpuKind ?? "shared"} {guest.Cpus} CPU/{guest.MemoryMb} MB");

    private static IEnumerable<Drift> Env(MachineSpec spec, MachineConfig config)
    {
        // Values are not shown: what stands in config.env by accident may be a secret.
        foreach (var name in spec.SecretNames.Where(n => config.Env?.ContainsKey(n) is true))
        {
            yield return new Drift($"env.{name}", "(in clear)", "(app secret)");
        }

        foreach (var (name, value) in spec.Env)
        {
            if (config.Env?.GetValueOrDefault(name) is not { } observed)
            {
                yield return new Drift($"env.{name}", "(missing)", value);
            }
            else if (observed != value)
            {
                yield return new Drift($"env.{name}", "(other value)", value);
            }
        }
    }

    private static Drift? Check(HealthCheckPolicy policy, MachineConfig config)
    {
        if (config.Checks?.GetValueOrDefault(policy.Name) is not { } check)
        {
            return new Drift($"checks.{policy.Name}", "(missing)", Show(MachineConfigBuilder.CheckOf(policy)));
        }

        var same = check.Type == "http" && check.Port == policy.Port && check.Path == policy.Path
            && string.Equals(check.Method ?? "GET", "GET", StringComparison.OrdinalIgnoreCase)
            && Same(check.Interval, policy.Interval) && Same(check.Timeout, policy.Timeout) && Same(check.GracePeriod, policy.GracePeriod);
        return same ? null : new Drift($"checks.{policy.Name}", Show(check), Show(MachineConfigBuilder.CheckOf(policy)));
    }

    private static bool Same(string? written, TimeSpan wanted) => FlyDuration.TryParse(written, out var duration) && duration.ToTimeSpan() == wanted;

    private static string Show(MachineCheck check) => $"{check.Type} {check.Method ?? "GET"} :{check.Port}{check.Path} every {check.Interval}";

    private static Drift? Secrets(MachineSpec spec, Machine machine, AppMemory memory)
    {
        var applied = OwnedMetadata.AppliedSecrets(machine);
        if (applied is not { } known || known.Digest != spec.SecretsDigest)
        {
            return new Drift("secrets", applied?.Digest ?? "(unknown)", spec.SecretsDigest);
        }

        // The same set, but Fly has a newer version than the machine booted with: it was tampered with and put right since.
        return BootedWithOlderSecrets(spec, machine, memory)
            ? new Drift("secrets", $"version {known.Version}", $"version {memory.Secrets!.Version}")
            : null;
    }

    private static void Add(List<Drift> drifts, Drift? drift)
    {
        if (drift is not null)
        {
            drifts.Add(drift);
        }
    }
}
