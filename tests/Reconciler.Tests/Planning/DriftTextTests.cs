using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>What an operator is shown of a difference: what was found, and what it should be.</summary>
public sealed class DriftTextTests
{
    private const string Repository = "registry.fly.io/vyx-app";

    private static readonly string Old = SnapshotBuilder.DigestOf('0');

    private static readonly Dictionary<string, (Func<SnapshotBuilder, SnapshotBuilder> Change, Drift Shown)> Cases = new(StringComparer.Ordinal)
    {
        ["an image that was asked for before"] = (
            b => b.NewImage(),
            new("image", $"{Repository}@{SnapshotBuilder.DigestOf('a')}", $"{Repository}:deployment-2")),
        ["an image that was asked for by its tag"] = (
            b => b.Config(c => c with { Image = Repository + ":deployment-0" }).With(Runs(Old)),
            new("image", Repository + ":deployment-0", Repository + ":deployment-1")),
        ["an image that runs although another was asked for"] = (b => b.With(Runs(Old)), new("image", Old, Repository + ":deployment-1")),
        ["an image that no config names"] = (
            b => b.Config(c => c with { Image = null }).With(Runs(Old)),
            new("image", Old, Repository + ":deployment-1")),
        ["a guest of another kind"] = (
            b => b.Config(c => c with { Guest = new("performance", 2, 4096) }),
            new("guest", "performance 2 CPU/4096 MB", "shared 2 CPU/512 MB")),
        ["no guest"] = (b => b.Config(c => c with { Guest = null }), new("guest", "(none)", "shared 2 CPU/512 MB")),
        ["another restart policy"] = (b => b.Config(c => c with { Restart = new("on-failure") }), new("restart", "on-failure", "always")),
        ["no restart policy"] = (b => b.Config(c => c with { Restart = null }), new("restart", "(none)", "always")),
        ["services where none are wanted"] = (
            b => b.Config(c => c with { Services = IngressServices.For(publicIngress: true) }),
            new("services", "(some)", "(none)")),
        ["no services where some are wanted"] = (
            b => b.With((FleetPolicy p) => p with { PublicIngress = true }),
            new("services", "(other)", "80, 443 -> 8080")),
        ["secrets that nobody wrote down"] = (
            b => b.Config(c => c with { Metadata = null }),
            new("secrets", "(unknown)", "secrets-1")),
        ["secrets of before"] = (
            b => b.With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = "secrets-2" } }),
            new("secrets", "secrets-1", "secrets-2")),
        ["secrets that were put right since"] = (
            b => b.With((AppMemory m) => m with { Secrets = SnapshotBuilder.SecretsOf("secrets-1", 2) }),
            new("secrets", "version 1", "version 2")),
        ["secrets that are set by this plan"] = (
            b => b.With((AppMemory m) => m with { Secrets = null }),
            new("secrets", "secrets-1", "secrets-1 (set anew)")),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_difference_is_shown_once_with_what_was_found_and_what_is_wished(string name) =>
        Assert.Equal([Cases[name].Shown], Cases[name].Change(new SnapshotBuilder()).Plan().Drifts);

    [Fact]
    public void Secrets_that_this_plan_sets_are_shown_beside_what_else_differs() =>
        Assert.Equal(
            ["image", "secrets"],
            new SnapshotBuilder().NewImage().With((AppMemory m) => m with { Secrets = null }).Plan().Drifts.Select(d => d.Field));

    private static Func<Machine, Machine> Runs(string digest) => m => m with { ImageRef = m.ImageRef! with { Digest = digest } };
}
