namespace FlySim.Model;

/// <summary>An image reference in its parts: <c>registry/repository[:tag][@digest]</c>.</summary>
internal sealed record ImageName(string Registry, string Repository, string? Tag, string? Digest)
{
    public const string FlyRegistry = "registry.fly.io";

    public static ImageName Parse(string reference)
    {
        var rest = reference;
        string? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
        }

        string? tag = null;
        if (rest.LastIndexOf(':') is var colon && colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            rest = rest[..colon];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var hasHost = slash > 0 && (rest.AsSpan(0, slash).ContainsAny('.', ':') || rest[..slash] == "localhost");
        return new ImageName(
            hasHost ? rest[..slash] : "docker-hub-mirror.fly.io",
            hasHost ? rest[(slash + 1)..] : rest,
            tag ?? (digest is null ? "latest" : null),
            digest);
    }

    public override string ToString() =>
        $"{Registry}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is null ? "" : "@" + Digest)}";
}
