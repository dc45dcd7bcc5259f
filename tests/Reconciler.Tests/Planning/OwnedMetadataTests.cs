using FlyApi.Contracts;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

public sealed class OwnedMetadataTests
{
    [Theory]
    [InlineData("me", null, "me")]
    [InlineData("me", "old", "me")]
    [InlineData(null, "old", "old")]
    [InlineData(null, null, null)]
    public void A_machine_works_for_the_user_of_our_metadata_and_else_for_that_of_its_variable(string? metadata, string? variable, string? user)
    {
        var config = new MachineConfig { Metadata = Map(OwnedMetadata.UserId, metadata), Env = Map("USER_ID", variable) };

        Assert.Equal(user, OwnedMetadata.ClaimedUser(Machine(config, null)));
        Assert.Equal(user, OwnedMetadata.ClaimedUser(Machine(null, config)));
        Assert.Equal(user, OwnedMetadata.ClaimedUser(Machine(config, new MachineConfig { Metadata = Map(OwnedMetadata.UserId, "somebody") })));
    }

    [Fact]
    public void A_machine_without_any_config_says_nothing() => Assert.Null(OwnedMetadata.ClaimedUser(Machine(null, null)));

    private static Machine Machine(MachineConfig? config, MachineConfig? incomplete) =>
        SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "m1") with { Config = config, IncompleteConfig = incomplete };

    private static Dictionary<string, string>? Map(string key, string? value) => value is null ? null : new() { [key] = value };
}
