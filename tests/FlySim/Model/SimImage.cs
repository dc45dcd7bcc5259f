using FlySim.Admin;

namespace FlySim.Model;

/// <summary>A manifest in the registry and how a machine behaves that runs it.</summary>
internal sealed class SimImage(string repository, string digest, byte[] manifest, ImageBehaviour behaviour, DateTimeOffset availableAt)
{
    public string Repository { get; } = repository;

    public string Digest { get; } = digest;

    public byte[] Manifest { get; } = manifest;

    /// <summary>Can be changed later: an image that worked until yesterday.</summary>
    public ImageBehaviour Behaviour { get; set; } = behaviour;

    /// <summary>Before this a fresh push still answers MANIFEST_UNKNOWN.</summary>
    public DateTimeOffset AvailableAt { get; set; } = availableAt;
}

/// <summary>What a reference resolved to when a machine's config was accepted.</summary>
internal sealed record ResolvedImage(string Registry, string Repository, string? Tag, SimImage Image);
