using System.Security.Cryptography;
using System.Text.Json;
using FlyApi.Calls;
using FlyApi.Transport;

namespace FlyApi.Registry;

/// <summary>Asks an image registry (the Docker registry API, version 2) for a manifest's digest.</summary>
internal sealed class ImageRegistry(FlyTransport transport, Uri address) : IImageRegistry
{
    private const string FlyRegistry = "registry.fly.io";
    private const string DigestHeader = "docker-content-digest";
    private static readonly string[] ManifestTypes =
    [
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    ];

    private static readonly string Accept = string.Join(", ", ManifestTypes);

    public async Task<string?> FindDigestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        // The token must go to no registry but Fly's, or the stand-in that the configuration names.
        if (image.Registry != FlyRegistry && !string.Equals(image.Registry, address.Authority, StringComparison.OrdinalIgnoreCase))
        {
            throw new FlyApiException(
                FlyErrorClass.Invalid, FlyOperations.ManifestGet, null,
                $"the image is in the registry '{image.Registry}'; only {FlyRegistry} and {address.Authority} can be asked");
        }

        try
        {
            return await AskAsync(image, HttpMethod.Head, static answer => DigestIn(answer), cancellationToken)
                ?? await AskAsync(image, HttpMethod.Get, static answer => DigestIn(answer) ?? Hash(answer), cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound)
        {
            return null;
        }
    }

    private Task<string?> AskAsync(ImageReference image, HttpMethod method, ReadAnswer<string?> read, CancellationToken cancellationToken) =>
        transport.SendAsync(
            new FlyCall
            {
                Operation = FlyOperations.ManifestGet,
                Method = method,
                Path = $"/v2/{image.Repository}/manifests/{image.Digest ?? image.Tag ?? "latest"}",
                Repeatable = true,
                Limit = null,
                Accept = Accept,
            },
            answer => Matching(image, read(answer)),
            cancellationToken);

    private static string? DigestIn(FlyAnswer answer)
    {
        if (!answer.Headers.TryGetValues(DigestHeader, out var values))
        {
            return null;
        }

        var digest = values.FirstOrDefault();
        return ImageReferenceParser.IsDigest(digest) ? digest : throw new JsonException($"a {DigestHeader} that is no sha256 digest");
    }

    /// <summary>A manifest's digest is the hash of its bytes, but only of a manifest: hashing an error page would make up an image.</summary>
    private static string Hash(FlyAnswer answer) =>
        ManifestTypes.Contains(answer.MediaType) && !answer.Body.IsEmpty
            ? "sha256:" + Convert.ToHexStringLower(SHA256.HashData(answer.Body))
            : throw new JsonException($"no {DigestHeader} and no manifest");

    private static string? Matching(ImageReference image, string? digest) =>
        digest is null || image.Digest is null || image.Digest == digest
            ? digest
            : throw new JsonException("the registry answered with another digest than the one asked for");
}
