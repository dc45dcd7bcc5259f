using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class ImageRegistryTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    private static readonly ImageReference Image = new("registry.fly.io", "vyx-app", "v1", null);

    [Fact]
    public async Task A_tag_is_resolved_to_its_digest()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, "", Manifest, null, ("Docker-Content-Digest", Digest));

        Assert.Equal(Digest, await fly.Registry.FindDigestAsync(Image, default));

        var sent = Assert.Single(fly.Handler.Sent);
        Assert.Equal((HttpMethod.Head, "/v2/vyx-app/manifests/v1"), (sent.Method, sent.Path));
        Assert.Contains("application/vnd.oci.image.index.v1+json", sent.Headers["Accept"], StringComparison.Ordinal);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("x:fm2_test-token-value,fm2_discharge-token-value")), sent.Headers["Authorization"]);
    }

    [Fact]
    public async Task Without_the_header_the_manifest_is_hashed()
    {
        const string manifest = """{"schemaVersion":2}""";
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, "", Manifest).Answer(HttpStatusCode.OK, manifest, Manifest);

        Assert.Equal(
            "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(manifest))),
            await fly.Finish(fly.Registry.FindDigestAsync(Image, default)));
    }

    [Fact]
    public async Task An_error_page_is_not_hashed()
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Html, "text/html");

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, (await fly.Fails(fly.Registry.FindDigestAsync(Image, default))).Detail);
    }

    [Fact]
    public async Task An_unknown_tag_is_null()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.NotFound, requestId: null);

        Assert.Null(await fly.Registry.FindDigestAsync(Image, default));
    }

    [Theory]
    [InlineData(401, FlyErrorClass.Unauthorised)]
    [InlineData(403, FlyErrorClass.Unauthorised)]
    [InlineData(429, FlyErrorClass.Throttled)]
    [InlineData(500, FlyErrorClass.Transient)]
    [InlineData(302, FlyErrorClass.Transient)]
    public async Task Anything_else_is_not_a_missing_image(int status, FlyErrorClass expected)
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer((HttpStatusCode)status, requestId: null);

        Assert.Equal(expected, (await fly.Fails(fly.Registry.FindDigestAsync(Image, default))).Class);
    }

    [Fact]
    public async Task A_digest_is_confirmed_only_by_itself()
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.OK, "", Manifest, null, ("Docker-Content-Digest", Digest.Replace('0', '1')));

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, (await fly.Fails(fly.Registry.FindDigestAsync(Image.Pin(Digest), default))).Detail);
    }

    [Fact]
    public async Task The_token_goes_to_no_other_registry()
    {
        using var fly = new FlyFixture();

        var failure = await fly.Fails(fly.Registry.FindDigestAsync(Image with { Registry = "ghcr.io" }, default));

        Assert.Equal(FlyErrorClass.Invalid, failure.Class);
        Assert.Contains("ghcr.io", failure.Text, StringComparison.Ordinal);
        Assert.Empty(fly.Handler.Sent);
    }

    [Fact]
    public async Task Flys_registry_may_be_stood_in_for()
    {
        using var fly = new FlyFixture(options => options with { RegistryAddress = new Uri("http://localhost:5000/registry") });
        fly.Handler.Answer(HttpStatusCode.OK, "", Manifest, null, ("Docker-Content-Digest", Digest));

        Assert.NotNull(await fly.Registry.FindDigestAsync(Image, default));
        Assert.NotNull(await fly.Registry.FindDigestAsync(Image with { Registry = "localhost:5000" }, default));

        Assert.All(fly.Handler.Sent, sent => Assert.Equal("/registry/v2/vyx-app/manifests/v1", sent.Path));
    }
}
