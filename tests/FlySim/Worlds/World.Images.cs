using System.Security.Cryptography;
using System.Text;
using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private readonly Dictionary<string, Repository> _repositories = new(StringComparer.Ordinal);

    internal ImageInfo RegisterImage(RegisterImage request)
    {
        var name = request.Ref is { } reference
            ? ImageName.Parse(reference)
            : new ImageName(ImageName.FlyRegistry, request.Repo ?? throw new RefusedException(400, "ref or repo is required"), request.Tag ?? "latest", null);
        var repository = RepositoryOf(name, create: true)!;
        var manifest = Manifest(name);
        var digest = request.Digest ?? name.Digest ?? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(manifest));
        var availableAt = Now + Ms(request.AvailableAfterMs);
        if (repository.Images.TryGetValue(digest, out var image))
        {
            image.Behaviour = request.Behaviour;
            image.AvailableAt = availableAt;
        }
        else
        {
            image = new SimImage(name.Repository, digest, manifest, request.Behaviour, availableAt);
            repository.Images[digest] = image;
        }

        if (name.Tag is not null)
        {
            repository.Tags[name.Tag] = digest;
        }

        return new ImageInfo(name.Repository, name.Tag, digest, image.Behaviour);
    }

    /// <summary>Removes a tag, and the manifest with it when no other tag names it.</summary>
    internal bool RemoveImage(string reference)
    {
        var name = ImageName.Parse(reference);
        if (RepositoryOf(name) is not { } repository || Find(name) is not { } image)
        {
            return false;
        }

        if (name.Tag is not null)
        {
            repository.Tags.Remove(name.Tag);
        }

        if (!repository.Tags.ContainsValue(image.Digest))
        {
            repository.Images.Remove(image.Digest);
        }

        return true;
    }

    /// <summary>The registry drops a manifest with every tag that names it.</summary>
    internal bool PruneImage(string reference)
    {
        var name = ImageName.Parse(reference);
        if (RepositoryOf(name) is not { } repository || Find(name) is not { } image)
        {
            return false;
        }

        foreach (var tag in repository.Tags.Where(t => t.Value == image.Digest).Select(t => t.Key).ToList())
        {
            repository.Tags.Remove(tag);
        }

        return repository.Images.Remove(image.Digest);
    }

    /// <summary>The manifest behind a reference, or null. A digest outranks a tag beside it, as in the real registry.</summary>
    internal SimImage? Find(ImageName name)
    {
        if (RepositoryOf(name) is not { } repository)
        {
            return null;
        }

        var digest = name.Digest ?? repository.Tags.GetValueOrDefault(name.Tag ?? "latest");
        return digest is not null && repository.Images.TryGetValue(digest, out var image) && image.AvailableAt <= Now ? image : null;
    }

    internal IEnumerable<ImageInfo> Images =>
        from repository in _repositories.Values
        from tag in repository.Tags
        let image = repository.Images[tag.Value]
        orderby image.Repository, tag.Key
        select new ImageInfo(image.Repository, tag.Key, image.Digest, image.Behaviour);

    internal string OwnRegistry { get; set; } = "";

    private ResolvedImage Resolve(string reference)
    {
        var name = ImageName.Parse(reference);
        return Find(name) is { } image
            ? new ResolvedImage(name.Registry, name.Repository, name.Tag, image)
            : throw new RefusedException(
                400, $"invalid_argument: failed to get manifest {reference}: MANIFEST_UNKNOWN: manifest unknown to registry");
    }

    private ResolvedImage ResolvePlanted(string reference)
    {
        var name = ImageName.Parse(reference);
        var image = Find(name) ?? new SimImage(
            name.Repository, name.Digest ?? "sha256:" + _ids.Hex(64), Manifest(name), ImageBehaviour.Healthy, Now);
        return new ResolvedImage(name.Registry, name.Repository, name.Tag, image);
    }

    private Repository? RepositoryOf(ImageName name, bool create = false)
    {
        // The server itself is the registry, under the real one's name.
        var key = $"{(name.Registry == OwnRegistry ? ImageName.FlyRegistry : name.Registry)}/{name.Repository}";
        if (!_repositories.TryGetValue(key, out var repository) && create)
        {
            _repositories[key] = repository = new Repository();
        }

        return repository;
    }

    private void RemoveRepository(string key) => _repositories.Remove(key);

    private static byte[] Manifest(ImageName name) => Encoding.UTF8.GetBytes(
        $$"""
        {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name.ToString())))}}","size":1024},"layers":[]}
        """);

    private sealed class Repository
    {
        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, SimImage> Images { get; } = new(StringComparer.Ordinal);
    }
}
