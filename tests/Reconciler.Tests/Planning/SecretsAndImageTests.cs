using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class SecretsAndImageTests
{
    private static readonly Func<FleetPolicy, FleetPolicy> Rotated = p => p with { Secrets = p.Secrets with { Digest = "secrets-2" } };
    private static readonly Func<FleetPolicy, FleetPolicy> BadKey = p => p with { Secrets = p.Secrets with { Problem = "the key is refused" } };

    [Fact]
    public void New_secrets_are_set_and_then_booted_with_in_one_plan() =>
        new SnapshotBuilder().With(Rotated).Plan().ShouldBe(Verdict.Act, Reasons.SecretsStale, "set_secrets", "update_machine m1");

    [Fact]
    public void Secrets_that_somebody_changed_are_set_again_and_named()
    {
        var plan = new SnapshotBuilder().With((ObservedApp o) => o with { Secrets = Seen("USER_ID", "other") }).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.SecretsStale, "set_secrets", "update_machine m1");
        Assert.Equal(new Note(Reasons.SecretsTampered, "app secrets changed or removed by someone else: USER_ID"), Assert.Single(plan.Notes));
    }

    [Fact]
    public void A_secret_that_somebody_removed_is_found_too() =>
        Assert.Single(new SnapshotBuilder().With((ObservedApp o) => o with { Secrets = [] }).Plan().Notes);

    [Theory]
    [InlineData(-60, false)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Secrets_that_were_written_again_with_the_values_they_should_have_are_booted_with_again(int secondsLater, bool isActedOn)
    {
        var plan = new SnapshotBuilder()
            .With((AppMemory m) => m with { Secrets = m.Secrets! with { ChangedAt = SnapshotBuilder.Start } })
            .With((ObservedApp o) => o with { Secrets = Seen(SnapshotBuilder.Start, ("USER_ID", SnapshotBuilder.Start.AddSeconds(secondsLater))) })
            .Plan();

        if (!isActedOn)
        {
            plan.ShouldBe(Verdict.Settled, Reasons.Converged);
            Assert.Empty(plan.Notes);
            return;
        }

        plan.ShouldBe(Verdict.Act, Reasons.SecretsStale, "set_secrets", "update_machine m1");
        Assert.Equal(
            new Note(Reasons.SecretsTampered, "app secrets written again since we set them, maybe over other values: USER_ID"), Assert.Single(plan.Notes));
        Assert.True(plan.Memory.SecretsRewritten);
    }

    [Fact]
    public void A_secret_of_somebody_elses_may_be_written_at_any_time() =>
        new SnapshotBuilder()
            .With((AppMemory m) => m with { Secrets = m.Secrets! with { ChangedAt = SnapshotBuilder.Start } })
            .With((ObservedApp o) => o with { Secrets = [.. Seen("x", "y"), new AppSecret("THEIRS", "z", SnapshotBuilder.Start.AddDays(1))] })
            .Plan()
            .ShouldBe(Verdict.Settled, Reasons.Converged);

    [Fact]
    public void When_they_were_set_is_learned_from_the_first_look_if_the_answer_did_not_say()
    {
        var plan = new SnapshotBuilder()
            .With((ObservedApp o) => o with { Secrets = Seen(SnapshotBuilder.Start, ("USER_ID", SnapshotBuilder.Start.AddHours(1))) })
            .Plan();

        plan.ShouldBe(Verdict.Settled, Reasons.Converged);
        Assert.Equal(SnapshotBuilder.Start.AddHours(1), plan.Memory.Secrets!.ChangedAt);
    }

    [Fact]
    public void Secrets_that_somebody_added_are_left_alone() =>
        new SnapshotBuilder().With((ObservedApp o) => o with { Secrets = [.. Seen("x", "y"), new AppSecret("THEIRS", "z")] }).Plan()
            .ShouldBe(Verdict.Settled, Reasons.Converged);

    [Fact]
    public void While_the_key_is_bad_a_machine_keeps_the_secrets_it_booted_with() =>
        new SnapshotBuilder().With(Rotated).With(BadKey).Plan().ShouldBe(Verdict.Settled, Reasons.Converged);

    [Fact]
    public void While_the_key_is_bad_a_new_image_is_rolled_out_with_the_secrets_that_are_set()
    {
        var plan = new SnapshotBuilder().With(Rotated).With(BadKey).NewImage().Plan();

        plan.ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
        Assert.Equal("secrets-1", plan.Spec!.SecretsDigest);
    }

    [Fact]
    public void While_the_key_is_bad_a_new_user_waits_without_an_app()
    {
        var plan = new SnapshotBuilder().NeverProvisioned().With(BadKey).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.ServiceKeyInvalid);
        Assert.Equal("the key is refused", plan.Message);
    }

    [Theory]
    [InlineData(MachineStates.Started, Verdict.Blocked, Reasons.ServiceKeyInvalid, "")]
    [InlineData(MachineStates.Failed, Verdict.Blocked, Reasons.ServiceKeyInvalid, "")]
    [InlineData(MachineStates.Starting, Verdict.Wait, Reasons.WaitingForMachine, "")]
    [InlineData(MachineStates.Stopped, Verdict.Act, Reasons.MachineStopped, "start_machine m1")]
    public void While_the_key_is_bad_an_adopted_machine_with_keys_in_clear_is_not_stripped_of_them(
        string state, Verdict verdict, string reason, string steps)
    {
        var plan = new SnapshotBuilder()
            .With(BadKey)
            .With((AppMemory _) => AppMemory.Empty)
            .State(state)
            .Config(c => c with { Metadata = null, Env = new Dictionary<string, string> { ["SUPABASE_SERVICE_ROLE_KEY"] = SnapshotBuilder.SecretValue } })
            .Plan();

        Assert.Equal((verdict, reason, steps), (plan.Verdict, plan.Reason, string.Join(',', plan.Lines())));
    }

    [Theory]
    [InlineData(MachineStates.Started, Verdict.Settled, Reasons.Converged)]
    [InlineData(MachineStates.Failed, Verdict.Blocked, Reasons.ServiceKeyInvalid)]
    public void While_the_key_is_bad_and_nobody_knows_what_the_app_has_a_machine_that_is_as_wished_goes_on(
        string state, Verdict verdict, string reason) =>
        new SnapshotBuilder().With(BadKey).With((AppMemory m) => m with { Secrets = null }).State(state).Plan().ShouldBe(verdict, reason);

    [Fact]
    public void While_the_key_is_bad_an_app_without_secrets_gets_no_machine() =>
        new SnapshotBuilder()
            .Unseen()
            .With(BadKey)
            .With((UserApp u) => u with { MachineId = null })
            .With((AppMemory m) => m with { Secrets = null })
            .Plan()
            .ShouldBe(Verdict.Blocked, Reasons.ServiceKeyInvalid);

    [Fact]
    public void An_unresolved_image_rolls_out_the_last_good_one()
    {
        var unresolved = SnapshotBuilder.ImageOf('b', "deployment-2") with { Problem = "the registry does not answer" };
        var plan = new SnapshotBuilder().With((FleetPolicy p) => p with { Image = unresolved }).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.ConfigDrift, "update_machine m1");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_any_image_nothing_is_made_or_changed(bool provisioned)
    {
        var builder = provisioned ? new SnapshotBuilder() : new SnapshotBuilder().NeverProvisioned();
        var plan = builder.With((FleetPolicy p) => p with { Image = new(null, null, null, "no such tag") }).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.ImageUnresolved);
        Assert.Equal("no such tag", plan.Message);
    }

    [Fact]
    public void An_override_whose_image_is_unknown_blocks_only_its_user()
    {
        var plan = new SnapshotBuilder().With((UserApp u) => u with { Spec = """{"image":"registry.fly.io/missing:1"}""" }).Plan();

        plan.ShouldBe(Verdict.Blocked, Reasons.ImageUnresolved);
        Assert.Equal("the image of this user's override is not resolved yet", plan.Message);
    }

    private static AppSecret[] Seen(DateTimeOffset all, (string Name, DateTimeOffset At) but) =>
        [.. Seen("none", "").Select(s => s with { UpdatedAt = s.Name == but.Name ? but.At : all })];

    private static AppSecret[] Seen(string name, string digest) =>
        [.. SnapshotBuilder.DefaultPolicy.Secrets.Names.Select(n => new AppSecret(n, n == name ? digest : "fly-" + n))];
}
