using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Tests.Planning;

namespace Reconciler.Tests.Model;

/// <summary>Hashes and fingerprints stand in the database and in machines' metadata: a release that computes others would
/// see drift in every machine at once.</summary>
public sealed class IdentityTests
{
    [Fact]
    public void A_spec_hashes_to_the_same_digits_in_every_release() => Assert.Equal("748175705a785429", SnapshotBuilder.Spec.Hash);

    [Theory]
    [InlineData("wish", "m1", "v1", "started", "sin", -6668235573385785431L)]
    [InlineData("stopped", "m1", null, "stopped", null, 2778805954448271250L)]
    public void A_fingerprint_is_the_same_number_in_every_release(string wish, string id, string? version, string state, string? region, long expected) =>
        Assert.Equal(expected, Fingerprint.Of(wish, id, version, state, region));

    public static TheoryData<string> Fields => ["digest", "region", "guest", "env name", "env value", "env more", "check", "ingress", "secrets", "names"];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Every_owned_field_changes_the_hash(string field)
    {
        var spec = SnapshotBuilder.Spec;
        var changed = field switch
        {
            "digest" => spec with { ImageDigest = SnapshotBuilder.DigestOf('b') },
            "region" => spec with { Region = "fra" },
            "guest" => spec with { Guest = spec.Guest with { MemoryMb = 768 } },
            "env name" => spec with { Env = Env(("LOG_LEVE", "Linfo")) },
            "env value" => spec with { Env = Env(("LOG_LEVEL", "debug")) },
            "env more" => spec with { Env = Env(("LOG_LEVEL", "info"), ("A", "")) },
            "check" => spec with { Check = spec.Check with { Timeout = TimeSpan.FromSeconds(6) } },
            "ingress" => spec with { PublicIngress = true },
            "secrets" => spec with { SecretsDigest = "secrets-2" },
            _ => spec with { SecretNames = [.. spec.SecretNames, "ANOTHER"] },
        };

        Assert.NotEqual(spec.Hash, MachineSpecHash.Of(changed));
    }

    [Fact]
    public void What_is_only_shown_does_not_change_the_hash()
    {
        var spec = SnapshotBuilder.Spec;

        Assert.Equal(spec.Hash, MachineSpecHash.Of(spec with { ImageLabel = "another", Image = "a mirror", Guest = spec.Guest with { CpuKind = null } }));
    }

    [Fact]
    public void The_order_in_which_the_environment_was_written_does_not_change_the_hash() => Assert.Equal(
        MachineSpecHash.Of(SnapshotBuilder.Spec with { Env = Env(("B", "2"), ("A", "1")) }),
        MachineSpecHash.Of(SnapshotBuilder.Spec with { Env = Env(("A", "1"), ("B", "2")) }));

    [Theory]
    [InlineData("ab", "c", "a", "bc")]
    [InlineData("", "ab", "ab", "")]
    public void Fields_of_a_fingerprint_do_not_run_into_each_other(string wish, string id, string otherWish, string otherId) =>
        Assert.NotEqual(Fingerprint.Of(wish, id, null, "started", null), Fingerprint.Of(otherWish, otherId, null, "started", null));

    private static Dictionary<string, string> Env(params (string Name, string Value)[] entries) =>
        entries.ToDictionary(e => e.Name, e => e.Value, StringComparer.Ordinal);
}
