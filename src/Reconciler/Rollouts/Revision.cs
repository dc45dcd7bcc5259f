using Reconciler.Model;

namespace Reconciler.Rollouts;

/// <summary>What a fleet has or is to have, apart from users' own exceptions: an image, a template and a digest of the secrets.</summary>
internal sealed record Revision
{
    /// <summary>12 hex digits over what makes a difference to a machine: the same content is the same revision, however it came about.</summary>
    public required string Id { get; init; }

    /// <summary>Pinned to a digest.</summary>
    public required string Image { get; init; }

    public required string ImageDigest { get; init; }

    /// <summary>How a person names the image.</summary>
    public required string ImageLabel { get; init; }

    public required string Region { get; init; }

    /// <summary>By tier.</summary>
    public required IReadOnlyDictionary<string, GuestSize> Guests { get; init; }

    public required IReadOnlyDictionary<string, string> Env { get; init; }
    public required HealthCheckPolicy Check { get; init; }
    public required bool PublicIngress { get; init; }
    public required string SecretsDigest { get; init; }
    public required IReadOnlyList<string> SecretNames { get; init; }

    /// <summary>Null while no image is known.</summary>
    public static Revision? Of(FleetPolicy policy) => policy.Image is { Reference: { } reference, Digest: { } digest }
        ? RevisionId.Give(new Revision
        {
            Id = "",
            Image = reference,
            ImageDigest = digest,
            ImageLabel = policy.Image.Label ?? reference,
            Region = policy.Region,
            Guests = new SortedDictionary<string, GuestSize>(policy.Guests.ToDictionary(g => g.Key, g => GuestSize.Of(g.Value)), StringComparer.Ordinal),
            Env = new SortedDictionary<string, string>(policy.Env.ToDictionary(), StringComparer.Ordinal),
            Check = policy.Check,
            PublicIngress = policy.PublicIngress,
            SecretsDigest = policy.Secrets.Digest,
            SecretNames = policy.Secrets.Names,
        })
        : null;

    /// <summary>The policy for a user who is on this revision. Trouble with the image or the key stays the fleet's: everybody is told of it.</summary>
    /// <param name="policy">As it stands.</param>
    /// <param name="valuesKnown">Whether this revision's secrets can be set.</param>
    public FleetPolicy ApplyTo(FleetPolicy policy, bool valuesKnown) => policy with
    {
        Revision = Id,
        Image = new ImageStatus(Image, ImageDigest, ImageLabel, policy.Image.Problem),
        Region = Region,
        Guests = Guests.ToDictionary(g => g.Key, g => g.Value.ToGuest(), StringComparer.Ordinal),
        Env = Env,
        Check = Check,
        PublicIngress = PublicIngress,
        Secrets = new SecretsStatus(SecretsDigest, SecretNames, policy.Secrets.Problem)
        {
            IsPresent = SecretsDigest == policy.Secrets.Digest, ValuesKnown = valuesKnown,
        },
    };
}

/// <summary>A guest as it is written down.</summary>
internal sealed record GuestSize(string CpuKind, int Cpus, int MemoryMb)
{
    public static GuestSize Of(FlyApi.Contracts.Guest guest) => new(guest.CpuKind ?? GuestRules.Shared, guest.Cpus, guest.MemoryMb);

    public FlyApi.Contracts.Guest ToGuest() => new(CpuKind, Cpus, MemoryMb);
}
