using System.Text.Json;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class DriftTests
{
    private static readonly Dictionary<string, Func<SnapshotBuilder, SnapshotBuilder>> Real = new(StringComparer.Ordinal)
    {
        ["image (digest)"] = b => b.NewImage(),
        ["image (tag that means another digest)"] = b => b
            .Config(c => c with { Image = "registry.fly.io/vyx-app:deployment-0" })
            .With((Machine m) => m with { ImageRef = m.ImageRef! with { Digest = SnapshotBuilder.DigestOf('0') } }),
        ["image (asked for, but another one runs)"] = b => b
            .With((Machine m) => m with { ImageRef = m.ImageRef! with { Digest = SnapshotBuilder.DigestOf('0') } }),
        ["image (a tag that nobody resolved)"] = b => b
            .Config(c => c with { Image = "registry.fly.io/vyx-app:deployment-1" })
            .With((Machine m) => m with { ImageRef = null }),
        ["guest (memory)"] = b => b.Config(c => c with { Guest = new("shared", 2, 1024) }),
        ["guest (cpus)"] = b => b.Config(c => c with { Guest = new("shared", 4, 512) }),
        ["guest (kind)"] = b => b.Config(c => c with { Guest = new("performance", 2, 512) }),
        ["guest (none)"] = b => b.Config(c => c with { Guest = null }),
        ["env.LOG_LEVEL (missing)"] = b => b.Config(c => c with { Env = null }),
        ["env.LOG_LEVEL (other)"] = b => b.Config(c => c with { Env = Map("LOG_LEVEL", "debug") }),
        ["env.USER_ID (a secret in clear)"] = b => b.Config(c => c with { Env = Map("LOG_LEVEL", "info", "USER_ID", "x") }),
        ["checks.health (missing)"] = b => b.Config(c => c with { Checks = null }),
        ["checks.health (path)"] = b => Check(b, c => c with { Path = "/" }),
        ["checks.health (port)"] = b => Check(b, c => c with { Port = 80 }),
        ["checks.health (method)"] = b => Check(b, c => c with { Method = "HEAD" }),
        ["checks.health (type)"] = b => Check(b, c => c with { Type = "tcp" }),
        ["checks.health (interval)"] = b => Check(b, c => c with { Interval = "15s" }),
        ["checks.health (timeout)"] = b => Check(b, c => c with { Timeout = "not a duration" }),
        ["checks.health (grace)"] = b => Check(b, c => c with { GracePeriod = null }),
        ["restart (on-failure)"] = b => b.Config(c => c with { Restart = new("on-failure", 10) }),
        ["restart (none)"] = b => b.Config(c => c with { Restart = null }),
        ["auto_destroy"] = b => b.Config(c => c with { AutoDestroy = true }),
        ["services (some, none wanted)"] = b => b.Config(c => c with { Services = Json("""[{"internal_port":8080}]""") }),
        ["services (none, some wanted)"] = b => b.With((FleetPolicy p) => p with { PublicIngress = true }),
        ["services (the proxy may stop it)"] = b => Public(b, """{"internal_port":8080,"autostop":"stop","ports":[{"port":80},{"port":443}]}"""),
        ["services (the proxy may stop it, told as a flag)"] = b => Public(b, """{"internal_port":8080,"autostop":true,"ports":[{"port":80},{"port":443}]}"""),
        ["services (one port is missing)"] = b => Public(b, """{"internal_port":8080,"autostop":"off","ports":[{"port":443}]}"""),
        ["secrets (unknown)"] = b => b.Config(c => c with { Metadata = Without(c.Metadata!, OwnedMetadata.Secrets) }),
        ["secrets (garbage)"] = b => b.Config(c => c with { Metadata = Set(c.Metadata!, OwnedMetadata.Secrets, "secrets-1.x") }),
        ["secrets (digest)"] = b => b.Config(c => c with { Metadata = Set(c.Metadata!, OwnedMetadata.Secrets, "secrets-0.1") }),
        ["secrets (version)"] = b => b.With((AppMemory m) => m with { Secrets = SnapshotBuilder.SecretsOf("secrets-1", 2) }),
    };

    private static readonly Dictionary<string, Func<SnapshotBuilder, SnapshotBuilder>> Normalised = new(StringComparer.Ordinal)
    {
        ["a tag of the same digest"] = b => b.Config(c => c with { Image = "registry.fly.io/vyx-app:deployment-1" }),
        ["a tag beside the digest"] = b => b.Config(c => c with { Image = $"registry.fly.io/vyx-app:x@{SnapshotBuilder.DigestOf('a')}" }),
        ["no image_ref"] = b => b.With((Machine m) => m with { ImageRef = null }),
        ["no image_ref, and a tag beside the digest"] = b => b
            .Config(c => c with { Image = $"registry.fly.io/vyx-app:x@{SnapshotBuilder.DigestOf('a')}" })
            .With((Machine m) => m with { ImageRef = null }),
        ["a performance guest that is wished"] = b => b
            .With((FleetPolicy p) => p with { Guests = new SortedDictionary<string, Guest>(StringComparer.Ordinal) { ["pro"] = new("performance", 2, 4096) } })
            .Config(c => c with { Guest = new("performance", 2, 4096) }),
        ["a restart policy with retries"] = b => b.Config(c => c with { Restart = new("always", 10) }),
        ["init and dns"] = b => b.Config(c => c with { Unknown = Members("""{"init":{},"dns":{}}""") }),
        ["a method in small letters"] = b => Check(b, c => c with { Method = "get" }),
        ["a method left out"] = b => Check(b, c => c with { Method = null }),
        ["durations in Go's spelling"] = b => Check(b, c => c with { Interval = "0m30s", Timeout = "5000ms", GracePeriod = "1m0s" }),
        ["durations in nanoseconds"] = b => Check(b, c => c with { Interval = "30000000000" }),
        ["no CPU kind"] = b => b.Config(c => c with { Guest = c.Guest! with { CpuKind = null } }),
        ["a guest with unknown members"] = b => b.Config(c => c with { Guest = c.Guest! with { Unknown = Members("""{"kernel_args":[]}""") } }),
        ["more environment"] = b => b.Config(c => c with { Env = Map("LOG_LEVEL", "info", "FLY_REGION", "sin") }),
        ["more checks"] = b => b.Config(c => c with { Checks = new Dictionary<string, MachineCheck>(c.Checks!) { ["other"] = new() { Port = 1 } } }),
        ["more metadata"] = b => b.Config(c => c with { Metadata = Set(c.Metadata!, "fly_flyctl_version", "0.3") }),
        ["auto_destroy left out"] = b => b.Config(c => c with { AutoDestroy = null }),
        ["services left out"] = b => b.Config(c => c with { Services = null }),
        ["services null"] = b => b.Config(c => c with { Services = Json("null") }),
        ["services in another order, with what Fly adds"] = b => Public(b, """{"ports":[{"port":443,"handlers":["tls"]},{"port":80}],"internal_port":8080,"autostop":"off","concurrency":{}}"""),
        ["services that do not say who may stop it"] = b => Public(b, """{"internal_port":8080,"autostop":null,"ports":[{"port":80},{"port":443}]}"""),
        ["booted with newer secrets of the same set"] = b => b.Config(c => c with { Metadata = Set(c.Metadata!, OwnedMetadata.Secrets, "secrets-1.9") }),
        ["another label for the same image"] = b => b.With((FleetPolicy p) => p with { Image = p.Image with { Label = "registry.fly.io/vyx-app:latest" } }),
    };

    public static TheoryData<string> RealNames => [.. Real.Keys];

    public static TheoryData<string> NormalisedNames => [.. Normalised.Keys];

    [Theory]
    [MemberData(nameof(RealNames))]
    public void A_difference_in_what_we_own_is_repaired_by_one_update(string name)
    {
        var plan = Real[name](new SnapshotBuilder()).Plan();

        plan.ShouldBe(Verdict.Act, name.StartsWith("secrets", StringComparison.Ordinal) ? Reasons.SecretsStale : Reasons.ConfigDrift, "update_machine m1");
        Assert.Equal([name.Split(' ')[0]], plan.Drifts.Select(d => d.Field));
    }

    [Theory]
    [MemberData(nameof(NormalisedNames))]
    public void What_Fly_adds_or_spells_in_its_own_way_is_no_difference(string name) =>
        Normalised[name](new SnapshotBuilder()).Plan().ShouldBe(Verdict.Settled, Reasons.Converged);

    [Theory]
    [MemberData(nameof(RealNames))]
    public void What_an_update_sends_is_what_it_asked_for(string name)
    {
        var snapshot = Real[name](new SnapshotBuilder()).Build();
        var update = Assert.IsType<Step.UpdateMachine>(Planner.Plan(snapshot).Steps.Last());

        var config = MachineConfigBuilder.Build(update.Spec, SnapshotBuilder.UserId, snapshot.Memory.Secrets!.Version, null, update.Machine.Config);

        var after = update.Machine with { Config = config, ImageRef = new(null, null, null, update.Spec.ImageDigest) };
        Assert.Empty(DriftDetector.Config(update.Spec, after, snapshot.Memory));
    }

    [Fact]
    public void The_update_of_a_machine_that_does_not_run_is_followed_by_a_start() =>
        new SnapshotBuilder().NewImage().State(MachineStates.Stopped).Plan()
            .ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1", "start_machine m1");

    [Theory]
    [InlineData("registry.fly.io/vyx-app@", 'a', '0', false)]
    [InlineData("registry.fly.io/vyx-app@", '0', 'a', true)]
    [InlineData("registry.fly.io/vyx-app:deployment-1", null, 'a', false)]
    [InlineData("registry.fly.io/vyx-app:deployment-1", null, '0', true)]
    public void A_machine_that_does_not_run_is_judged_by_the_image_that_it_asks_for(string image, char? asked, char resolved, bool isUpdated)
    {
        var plan = new SnapshotBuilder()
            .State(MachineStates.Stopped)
            .Config(c => c with { Image = asked is { } digit ? image + SnapshotBuilder.DigestOf(digit) : image })
            .With((Machine m) => m with { ImageRef = m.ImageRef! with { Digest = SnapshotBuilder.DigestOf(resolved) } })
            .Plan();

        Assert.Equal(isUpdated ? ["update_machine m1", "start_machine m1"] : ["start_machine m1"], plan.Lines());
    }

    [Fact]
    public void Secrets_are_the_reason_only_when_nothing_else_differs() =>
        new SnapshotBuilder().NewImage().Config(c => c with { Metadata = Set(c.Metadata!, OwnedMetadata.Secrets, "secrets-0.1") }).Plan()
            .ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");

    [Fact]
    public void The_value_of_a_variable_that_may_be_a_secret_is_not_shown()
    {
        var plan = new SnapshotBuilder()
            .Config(c => c with { Env = Map("USER_ID", SnapshotBuilder.SecretValue, "LOG_LEVEL", SnapshotBuilder.SecretValue) })
            .Plan();

        Assert.Equal(2, plan.Drifts.Count);
        Assert.DoesNotContain(SnapshotBuilder.SecretValue, string.Join(' ', plan.Drifts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("b")]
    public void Metadata_alone_is_patched_without_a_restart(string which)
    {
        var key = which == "a" ? OwnedMetadata.ManagedBy : OwnedMetadata.UserId;
        var plan = new SnapshotBuilder().Config(c => c with { Metadata = Set(c.Metadata!, key, "somebody") }).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.MetadataDrift, $"patch_metadata {key}");
        Assert.Equal("somebody", Assert.Single(plan.Drifts).Observed);
    }

    [Fact]
    public void A_check_interval_of_a_fraction_of_a_second_is_sent_exactly()
    {
        var check = SnapshotBuilder.DefaultPolicy.Check with { Interval = TimeSpan.FromMilliseconds(1500), Timeout = TimeSpan.FromMilliseconds(250) };

        Assert.Equal(("1.5s", "250ms", "1m0s"), (MachineConfigBuilder.CheckOf(check).Interval, MachineConfigBuilder.CheckOf(check).Timeout, MachineConfigBuilder.CheckOf(check).GracePeriod));
    }

    private static SnapshotBuilder Check(SnapshotBuilder builder, Func<MachineCheck, MachineCheck> change) =>
        builder.Config(c => c with { Checks = new Dictionary<string, MachineCheck> { ["health"] = change(c.Checks!["health"]) } });

    /// <summary>A machine that is to be reached from outside, and has this for it.</summary>
    private static SnapshotBuilder Public(SnapshotBuilder builder, string service) => builder
        .With((FleetPolicy p) => p with { PublicIngress = true })
        .Config(c => c with { Services = Json($"[{service}]") });

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    private static Dictionary<string, JsonElement> Members(string json) => Json(json).EnumerateObject().ToDictionary(m => m.Name, m => m.Value);

    private static Dictionary<string, string> Map(params string[] pairs) =>
        pairs.Chunk(2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);

    private static Dictionary<string, string> Set(IReadOnlyDictionary<string, string> map, string key, string value) =>
        new(map, StringComparer.Ordinal) { [key] = value };

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> map, string key)
    {
        var copy = new Dictionary<string, string>(map, StringComparer.Ordinal);
        copy.Remove(key);
        return copy;
    }
}
