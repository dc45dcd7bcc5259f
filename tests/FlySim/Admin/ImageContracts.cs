using System.Text.Json.Serialization;

namespace FlySim.Admin;

/// <summary>How a machine behaves that runs an image.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ImageBehaviour>))]
public enum ImageBehaviour
{
    [JsonStringEnumMemberName("healthy")]
    Healthy,

    /// <summary>Exits at once, every time.</summary>
    [JsonStringEnumMemberName("crash")]
    Crash,

    /// <summary>Runs, and answers 503 to its health check.</summary>
    [JsonStringEnumMemberName("unhealthy")]
    Unhealthy,

    /// <summary>The host never gets as far as starting it.</summary>
    [JsonStringEnumMemberName("hang")]
    Hang,

    /// <summary>An update to it answers 200, then the machine silently returns to its version before; a create never starts.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,

    /// <summary>Runs, but reports the shared backend's mode whatever it was told.</summary>
    [JsonStringEnumMemberName("shared_mode")]
    SharedMode,
}

/// <summary>An image to register, or a tag to move when it exists. Give <see cref="Ref"/>, or <see cref="Repo"/> with <see cref="Tag"/>.</summary>
public sealed record RegisterImage
{
    /// <summary>For example <c>registry.fly.io/vyx-app:deployment-1</c>.</summary>
    public string? Ref { get; init; }

    public string? Repo { get; init; }

    public string? Tag { get; init; }

    /// <summary>Made from the repository and tag when absent.</summary>
    public string? Digest { get; init; }

    public ImageBehaviour Behaviour { get; init; }

    /// <summary>How long the fresh push still answers MANIFEST_UNKNOWN.</summary>
    public int AvailableAfterMs { get; init; }
}

public sealed record ImageInfo(string Repository, string? Tag, string Digest, ImageBehaviour Behaviour);
