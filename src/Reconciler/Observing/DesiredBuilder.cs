using FlyApi.Contracts;
using Reconciler.Images;
using Reconciler.Model;
using Store;

namespace Reconciler.Observing;

/// <summary>Joins a user's row with the fleet policy to what that user should have. Pure but for the image catalog's memory.</summary>
internal static class DesiredBuilder
{
    public static DesiredApp Build(UserApp user, AppMemory memory, FleetPolicy policy, IImageCatalog images, DateTimeOffset now)
    {
        var phase = PhaseOf(user, memory, policy.Timings, now, out var destroyAfter);
        var desired = new DesiredApp
        {
            UserId = user.UserId,
            AppName = user.AppName,
            OrgSlug = policy.OrgSlug,
            Tier = user.Tier,
            Phase = phase,
            Paused = user.Paused,
            PauseReason = user.PauseReason,
            DestroyAfter = destroyAfter,
        };
        if (phase != Phase.Run)
        {
            return desired;
        }

        if (!OverrideSpec.TryParse(user.Spec, policy.Secrets.Names, out var overrides, out var problem))
        {
            return desired with { OverrideProblem = problem };
        }

        var image = overrides.Image is { } reference ? images.ForOverride(reference) : policy.Image;
        return image is { Reference: { } pinned, Digest: { } digest }
            ? desired with { Machine = SpecFor(user.Tier, overrides, pinned, digest, image.Label ?? pinned, policy) }
            : desired;
    }

    /// <summary>The spec of a tier without overrides; null while no image is known. What the no-drift pass compares with.</summary>
    public static MachineSpec? TierSpec(string tier, FleetPolicy policy) =>
        policy.Image is { Reference: { } pinned, Digest: { } digest }
            ? SpecFor(tier, OverrideSpec.None, pinned, digest, policy.Image.Label ?? pinned, policy)
            : null;

    private static MachineSpec SpecFor(
        string tier, OverrideSpec overrides, string image, string digest, string label, FleetPolicy policy)
    {
        var env = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in policy.Env.Concat(overrides.Env))
        {
            env[name] = value;
        }

        return MachineSpecHash.WithHash(new MachineSpec
        {
            Image = image,
            ImageDigest = digest,
            ImageLabel = label,
            Region = overrides.Region ?? policy.Region,
            Guest = overrides.Guest ?? policy.Guests[tier],
            Env = env,
            Check = policy.Check,
            PublicIngress = policy.PublicIngress,
            SecretsDigest = policy.Secrets.Digest,
            SecretNames = policy.Secrets.Names,
            Hash = "",
        });
    }

    private static Phase PhaseOf(UserApp user, AppMemory memory, Timings timings, DateTimeOffset now, out DateTimeOffset? destroyAfter)
    {
        destroyAfter = null;
        if (user.Entitled)
        {
            return Phase.Run;
        }

        if (user.DeletedAt is not null)
        {
            return Phase.Absent;
        }

        destroyAfter = (memory.DeprovisionSince ?? now) + timings.DeprovisionGrace;
        return now >= destroyAfter ? Phase.Absent : Phase.Stop;
    }
}
