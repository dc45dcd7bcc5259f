using System.Diagnostics.CodeAnalysis;

namespace FlyApi;

/// <summary>A parsed image reference: <c>registry/repository[:tag][@sha256:…]</c>.</summary>
/// <param name="Registry">Host, with a port when there is one; <c>registry.fly.io</c> in production.</param>
/// <param name="Repository">Path below the host, for example <c>vyx-app</c>.</param>
/// <param name="Tag">Null when only a digest was given.</param>
/// <param name="Digest"><c>sha256:</c> and 64 lower-case hex digits, or null.</param>
public sealed record ImageReference(string Registry, string Repository, string? Tag, string? Digest)
{
    /// <summary>Parses a reference. A reference without tag and digest gets the tag <c>latest</c>, as Docker does.</summary>
    /// <param name="text">At most 512 characters.</param>
    /// <param name="image">The parsed reference, when true is returned.</param>
    /// <param name="problem">What is wrong and where, when false is returned.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? image, [NotNullWhen(false)] out string? problem) =>
        ImageReferenceParser.TryParse(text, out image, out problem);

    /// <summary>The same repository, pinned to a digest.</summary>
    public ImageReference Pin(string digest) => this with { Tag = null, Digest = digest };

    public override string ToString() =>
        $"{Registry}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
