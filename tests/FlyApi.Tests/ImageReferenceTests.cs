namespace FlyApi.Tests;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("registry.fly.io/vyx-app:deployment-01J", "registry.fly.io", "vyx-app", "deployment-01J", null)]
    [InlineData("registry.fly.io/vyx-app", "registry.fly.io", "vyx-app", "latest", null)]
    [InlineData("registry.fly.io/vyx-app@" + Digest, "registry.fly.io", "vyx-app", null, Digest)]
    [InlineData("registry.fly.io/vyx-app:v1@" + Digest, "registry.fly.io", "vyx-app", "v1", Digest)]
    [InlineData("localhost:5000/a/b_c/d.e:V_1", "localhost:5000", "a/b_c/d.e", "V_1", null)]
    [InlineData("localhost/a:1", "localhost", "a", "1", null)]
    public void A_reference_is_read(string text, string registry, string repository, string? tag, string? digest)
    {
        Assert.True(ImageReference.TryParse(text, out var image, out _));
        Assert.Equal(new ImageReference(registry, repository, tag, digest), image);
    }

    [Theory]
    [InlineData(null, "is empty")]
    [InlineData("", "is empty")]
    [InlineData("nginx", "names no registry")]
    [InlineData("library/nginx:1", "'library' has neither a dot nor a port")]
    [InlineData("https://registry.fly.io/a:1", "scheme")]
    [InlineData("registry.fly.io/a b:1", "position 18")]
    [InlineData("registry.fly.io/A:1", "repository part 'A'")]
    [InlineData("registry.fly.io/a//b:1", "empty part")]
    [InlineData("registry.fly.io/:1", "empty part")]
    [InlineData("registry.fly.io/a/../b:1", "repository part '..'")]
    [InlineData("registry.fly.io/a:", "tag of 0 characters")]
    [InlineData("registry.fly.io/a:-x", "tag '-x'")]
    [InlineData("registry.fly.io/a@sha256:abc", "digest at position 19")]
    [InlineData("registry.fly.io/a@md5:0123", "digest")]
    [InlineData("registry.fly.io:99999/a:1", "port '99999'")]
    [InlineData(":80/a:1", "not a host name")]
    public void A_bad_reference_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(ImageReference.TryParse(text, out _, out var problem));
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reference_that_is_too_long_is_refused()
    {
        Assert.False(ImageReference.TryParse("registry.fly.io/" + new string('a', 512), out _, out var problem));
        Assert.Contains("528", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Pinning_drops_the_tag() =>
        Assert.Equal($"registry.fly.io/a@{Digest}", new ImageReference("registry.fly.io", "a", "v1", null).Pin(Digest).ToString());
}
