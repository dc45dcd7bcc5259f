using NSubstitute;
using Reconciler.Configuration;
using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Secrets;

namespace Reconciler.Tests.Configuration;

public sealed class FleetPolicyFactoryTests
{
    [Fact]
    public void The_policy_joins_configuration_with_image_and_secrets_as_they_stand_at_each_call()
    {
        var settings = Given.Settings(("Reconciler__Env__LOG_LEVEL", "debug"), ("Reconciler__PublicIngress", "true"), ("Reconciler__StuckAfter", "00:01:00"));
        var images = Substitute.For<IImageCatalog>();
        var secrets = Substitute.For<ISecretSource>();
        var before = new ImageStatus(null, null, null, "not yet");
        var after = new ImageStatus("r/a@sha256:1", "sha256:1", "r/a:1", null);
        images.Fleet.Returns(before, after);
        secrets.Status.Returns(new SecretsStatus("0123456789abcdef", ["A"], null));
        var factory = new FleetPolicyFactory(settings, images, secrets);

        var first = factory.Current();
        var second = factory.Current();

        Assert.Equal((before, after), (first.Image, second.Image));
        Assert.Equal("0123456789abcdef", first.Secrets.Digest);
        Assert.Equal(("acme", "vyx-user-", "sin", true), (first.OrgSlug, first.AppNamePrefix, first.Region, first.PublicIngress));
        Assert.Equal("debug", first.Env["LOG_LEVEL"]);
        Assert.Equal(TimeSpan.FromMinutes(1), first.Timings.StuckAfter);
        Assert.Equal("/health", first.Check.Path);
        Assert.Equal(512, first.Guests["elite"].MemoryMb);
    }
}
