using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>What a user should have now.</summary>
public enum Phase
{
    /// <summary>One machine, running.</summary>
    Run,

    /// <summary>No running machine; the app is kept until the grace is over.</summary>
    Stop,

    /// <summary>No app.</summary>
    Absent,
}

/// <summary>The desired state of one user's app.</summary>
public sealed record DesiredApp
{
    public required Guid UserId { get; init; }
    public required string AppName { get; init; }
    public required string OrgSlug { get; init; }
    public required string Tier { get; init; }
    public required Phase Phase { get; init; }

    /// <summary>What the machine should be; null when <see cref="Phase"/> is not Run, the override is invalid, or no image is known.</summary>
    public MachineSpec? Machine { get; init; }

    /// <summary>What is wrong with the user's override, and what to do; null when it is fine.</summary>
    public string? OverrideProblem { get; init; }

    public bool Paused { get; init; }
    public string? PauseReason { get; init; }

    /// <summary>When the grace after a downgrade ends; null while entitled.</summary>
    public DateTimeOffset? DestroyAfter { get; init; }

    /// <summary>The machine's name: fixed per app, so that Fly refuses a second live one.</summary>
    public string MachineName => AppName + "-main";
}

/// <summary>The fields of a machine that we own; everything else in its config is left alone.</summary>
public sealed record MachineSpec
{
    /// <summary>Pinned to a digest.</summary>
    public required string Image { get; init; }

    public required string ImageDigest { get; init; }

    /// <summary>How a person names the image; shown, never compared.</summary>
    public required string ImageLabel { get; init; }

    public required string Region { get; init; }
    public required Guest Guest { get; init; }

    /// <summary>Ordinally sorted.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required HealthCheckPolicy Check { get; init; }
    public required bool PublicIngress { get; init; }
    public required string SecretsDigest { get; init; }

    /// <summary>Names that must not be in <c>config.env</c>, sorted.</summary>
    public required IReadOnlyList<string> SecretNames { get; init; }

    /// <summary>16 hex digits over all of the above but the label; two specs with the same hash make the same machine.</summary>
    public required string Hash { get; init; }
}
