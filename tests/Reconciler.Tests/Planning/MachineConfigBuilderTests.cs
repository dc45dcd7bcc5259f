using System.Text.Json;
using FlyApi.Contracts;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

public sealed class MachineConfigBuilderTests
{
    private static readonly JsonElement Kept = JsonDocument.Parse("""{"size_gb":1}""").RootElement;

    [Fact]
    public void An_update_keeps_everything_that_is_not_ours()
    {
        var existing = new MachineConfig
        {
            Image = "old",
            Guest = new Guest("shared", 4, 1024) { Unknown = Unknown("kernel_args") },
            Env = new Dictionary<string, string> { ["THEIRS"] = "kept", ["USER_ID"] = SnapshotBuilder.SecretValue, ["LOG_LEVEL"] = "debug" },
            Metadata = new Dictionary<string, string> { ["theirs"] = "kept", [OwnedMetadata.LaunchId] = "launch" },
            Checks = new Dictionary<string, MachineCheck> { ["theirs"] = new() { Port = 1 }, ["health"] = new() { Port = 2 } },
            Unknown = Unknown("mounts"),
        };

        var built = MachineConfigBuilder.Build(SnapshotBuilder.Spec, SnapshotBuilder.UserId, 7, null, existing);

        Assert.Equal(Kept.ToString(), built.Unknown!["mounts"].ToString());
        Assert.Equal(Kept.ToString(), built.Guest!.Unknown!["kernel_args"].ToString());
        Assert.Equal((2, 512), (built.Guest.Cpus, built.Guest.MemoryMb));
        Assert.Equal("LOG_LEVEL=info THEIRS=kept", string.Join(' ', built.Env!.Select(e => $"{e.Key}={e.Value}")));
        Assert.Equal(("kept", "launch", "secrets-1.7"), (built.Metadata!["theirs"], built.Metadata[OwnedMetadata.LaunchId], built.Metadata[OwnedMetadata.Secrets]));
        Assert.Equal((1, 8080), (built.Checks!["theirs"].Port, built.Checks["health"].Port));
        Assert.Equal(("always", false), (built.Restart!.Policy, built.AutoDestroy));
    }

    [Fact]
    public void A_new_config_names_its_user_its_launch_and_no_secret()
    {
        var built = MachineConfigBuilder.Build(SnapshotBuilder.Spec, SnapshotBuilder.UserId, 1, "launch-1", existing: null);

        Assert.Equal(["LOG_LEVEL"], built.Env!.Keys);
        Assert.Equal(
            [OwnedMetadata.ManagedBy, OwnedMetadata.LaunchId, OwnedMetadata.Secrets, OwnedMetadata.UserId],
            built.Metadata!.Keys);
        Assert.Equal("[]", built.Services!.Value.ToString());
    }

    [Theory]
    [InlineData("performance", "performance")]
    [InlineData(null, "shared")]
    public void A_guest_without_a_kind_is_a_shared_one(string? wished, string kind)
    {
        var spec = SnapshotBuilder.Spec with { Guest = new Guest(wished, 2, 4096) };

        Assert.Equal(kind, MachineConfigBuilder.Build(spec, SnapshotBuilder.UserId, 1, null, null).Guest!.CpuKind);
    }

    private static Dictionary<string, JsonElement> Unknown(string name) => new() { [name] = Kept };
}
