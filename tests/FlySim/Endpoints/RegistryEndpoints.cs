using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>The part of the registry protocol that tells whether an image exists.</summary>
internal static class RegistryEndpoints
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    public static void Map(Routes routes)
    {
        var manifest = new Operation("registry.manifest", Realm.Registry);
        routes.Map("GET", "/v2/", new Operation("registry.ping", Realm.Registry), _ => new Reply(200, "{}"u8.ToArray()));

        // A repository's name may have a namespace; deeper ones are not used on the platform.
        foreach (var pattern in (ReadOnlySpan<string>)["/v2/{repo}/manifests/{reference}", "/v2/{space}/{repo}/manifests/{reference}"])
        {
            routes.Map("GET", pattern, manifest, Manifest);
            routes.Map("HEAD", pattern, manifest, Manifest);
        }
    }

    private static Reply Manifest(Call call)
    {
        var repository = call.Route("space") is { } space ? $"{space}/{call.Route("repo")}" : call.Route("repo")!;
        var reference = call.Route("reference")!;
        var name = reference.StartsWith("sha256:", StringComparison.Ordinal)
            ? new ImageName(ImageName.FlyRegistry, repository, null, reference)
            : new ImageName(ImageName.FlyRegistry, repository, reference, null);
        return call.World.Find(name) is { } image
            ? new Reply(200, image.Manifest, ManifestType).WithHeader("docker-content-digest", image.Digest)
            : throw new RefusedException(404, "manifest unknown", "MANIFEST_UNKNOWN");
    }
}
