using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Queueing;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Observing;

/// <summary>Trouble with the fleet's image or key changes no machine, and yet every user's conditions must tell of it.</summary>
public sealed class FleetTroubleTests
{
    private const string App = SnapshotBuilder.App;

    private static readonly FleetPolicy Good = SnapshotBuilder.DefaultPolicy;
    private static readonly FleetPolicy BadImage = Good with { Image = Good.Image with { Problem = "the tag does not exist" } };
    private static readonly FleetPolicy BadKey = Good with { Secrets = Good.Secrets with { Problem = "the key has expired" } };
    private static readonly FleetPolicy BadBoth = BadImage with { Secrets = BadKey.Secrets };

    public static TheoryData<string, FleetPolicy, FleetPolicy> Changes { get; } = new()
    {
        { "the image is not found", Good, BadImage },
        { "the image is found again", BadImage, Good },
        { "the key goes bad", Good, BadKey },
        { "the key is good again", BadKey, Good },
        { "the key goes bad as well", BadImage, BadBoth },
        { "one trouble after the other", BadImage, BadKey },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_settled_user_is_looked_at_when(string happens, FleetPolicy before, FleetPolicy after)
    {
        Assert.NotEmpty(happens);
        Assert.Equal([new Difference(SnapshotBuilder.UserId, Priority.Rollout)], Differences(toldOf: before, now: after));
    }

    [Fact]
    public void Once_told_of_trouble_a_settled_user_is_left_in_peace()
    {
        foreach (var policy in (FleetPolicy[])[Good, BadImage, BadKey, BadBoth])
        {
            Assert.Empty(Differences(toldOf: policy, now: policy));
        }
    }

    private static IEnumerable<Difference> Differences(FleetPolicy toldOf, FleetPolicy now)
    {
        var machine = new OrgMachine(App, "m1", App, MachineStates.Started, "sin", "v1", SnapshotBuilder.Start, null, 2, 512);
        var fingerprint = Fingerprint.Of(Wish(toldOf), machine.Id, machine.InstanceId, machine.State, machine.Region);
        var summary = new AppSummary(SnapshotBuilder.UserId, App, "pro", Run: true, Live: true, Settled: true, machine.Id, fingerprint);
        return FleetDiffer.Differences(
            [summary],
            new Dictionary<string, List<OrgMachine>> { [App] = [machine] },
            isComplete: true,
            new Dictionary<WishKey, string> { [new WishKey("pro", null)] = Wish(now) });
    }

    private static string Wish(FleetPolicy policy) => Fingerprint.RunningWish(DesiredBuilder.TierSpec("pro", policy)!.Hash, policy);
}
