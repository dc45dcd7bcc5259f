using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

public sealed class AppRuleTests
{
    private static readonly string[] Provisioning =
        ["create_app", "set_secrets", "create_machine", "elect_machine none -> new", "start_machine new"];

    [Fact]
    public void A_healthy_user_needs_nothing() =>
        new SnapshotBuilder().Plan().ShouldBe(Verdict.Settled, Reasons.Converged);

    [Fact]
    public void A_new_user_gets_an_app_its_secrets_and_one_machine() =>
        new SnapshotBuilder().NeverProvisioned().Plan().ShouldBe(Verdict.Act, Reasons.AppMissing, Provisioning);

    [Fact]
    public void A_vanished_app_is_made_anew_and_its_machine_un_elected_first() =>
        new SnapshotBuilder().Unseen().With((ObservedApp o) => o with { App = AppPresence.Missing }).Plan().ShouldBe(
            Verdict.Act,
            Reasons.AppMissing,
            "create_app",
            "set_secrets",
            "unelect_machine m1",
            "create_machine",
            "elect_machine none -> new",
            "start_machine new");

    [Fact]
    public void An_adoptable_app_is_recorded_as_ours_before_its_machine_is_elected() =>
        new SnapshotBuilder()
            .With((UserApp u) => u with { Ownership = null, MachineId = null })
            .With((ObservedApp o) => o with { App = AppPresence.Adoptable })
            .Plan()
            .ShouldBe(Verdict.Act, Reasons.AppAdopted, "take_ownership", "elect_machine none -> m1");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(41, 42)]
    [InlineData(99, 100)]
    [InlineData(100, 0)]
    public void A_name_of_somebody_else_falls_through_to_the_next_of_the_series(int taken, int next)
    {
        var (name, following) = (Candidate(taken), Candidate(next));

        var plan = Foreign(name).Plan();

        plan.ShouldBe(Verdict.Act, Reasons.AppNameTaken, $"rename_app {following}");
    }

    [Theory]
    [InlineData(null, Verdict.Wait)]
    [InlineData(0, Verdict.Wait)]
    [InlineData(29, Verdict.Wait)]
    [InlineData(30, Verdict.Act)]
    public void An_app_is_given_up_only_when_looks_over_half_a_minute_agree(int? seconds, Verdict verdict)
    {
        var plan = Foreign(SnapshotBuilder.App)
            .With((AppMemory m) => m with { AwaySince = seconds is { } s ? SnapshotBuilder.Start.AddSeconds(-s) : null })
            .Plan();

        Assert.Equal((verdict, Reasons.AppNameTaken), (plan.Verdict, plan.Reason));
        Assert.NotNull(plan.Memory.AwaySince);
    }

    [Theory]
    [InlineData(-61, Verdict.Act)]
    [InlineData(-60, Verdict.Act)]
    [InlineData(-59, Verdict.Wait)]
    public void An_absence_from_before_the_app_was_ours_does_not_count(int acquired, Verdict verdict)
    {
        var plan = Foreign(SnapshotBuilder.App)
            .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddSeconds(-60) })
            .With((UserApp u) => u with
            {
                Ownership = new Ownership(
                    u.AppName, u.UserId, OwnershipOrigin.Adopted, SnapshotBuilder.Start.AddSeconds(acquired).UtcDateTime, null),
            })
            .Plan();

        Assert.Equal(verdict, plan.Verdict);
        Assert.Equal(verdict == Verdict.Wait ? 0 : 60, (SnapshotBuilder.Start - plan.Memory.AwaySince!.Value).TotalSeconds);
    }

    [Fact]
    public void One_look_that_finds_the_app_to_be_ours_ends_the_doubt() =>
        Assert.Null(Foreign(SnapshotBuilder.App).With((ObservedApp o) => o with { App = AppPresence.Adoptable }).Plan().Memory.AwaySince);

    [Fact]
    public void A_foreign_name_outside_the_series_falls_back_to_its_first() =>
        Foreign("hand-made").Plan().ShouldBe(Verdict.Act, Reasons.AppNameTaken, $"rename_app {SnapshotBuilder.App}");

    [Theory]
    [InlineData(0, Verdict.Wait)]
    [InlineData(599, Verdict.Wait)]
    [InlineData(600, Verdict.Act)]
    public void A_name_that_we_released_ourselves_is_waited_for_ten_minutes(int seconds, Verdict verdict)
    {
        var plan = Foreign(SnapshotBuilder.App)
            .With((UserApp u) => u with
            {
                Ownership = new Ownership(
                    SnapshotBuilder.App, u.UserId, OwnershipOrigin.Created, default, SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime),
            })
            .Plan();

        Assert.Equal((verdict, Reasons.AppNameTaken), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData(0, 60, Verdict.Wait, Reasons.OutcomeUnknown)]
    [InlineData(599, 60, Verdict.Wait, Reasons.OutcomeUnknown)]
    [InlineData(600, 60, Verdict.Wait, Reasons.AppNameTaken)] // absent only while it could still land
    [InlineData(629, 29, Verdict.Wait, Reasons.AppNameTaken)]
    [InlineData(630, 30, Verdict.Act, Reasons.AppNameTaken)]
    public void A_name_under_which_an_app_of_ours_may_still_land_is_not_left(int seconds, int away, Verdict verdict, string reason)
    {
        var asked = new CreateIntent("launch-0", "app", SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };

        var plan = Foreign(SnapshotBuilder.App)
            .With((UserApp u) => u with { Intents = [asked] })
            .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddSeconds(-away) })
            .Plan();

        Assert.Equal((verdict, reason), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData(OwnershipOrigin.Created, 599, Verdict.Wait)]
    [InlineData(OwnershipOrigin.Created, 600, Verdict.Act)]
    [InlineData(OwnershipOrigin.Adopted, 29, Verdict.Wait)]
    [InlineData(OwnershipOrigin.Adopted, 30, Verdict.Act)]
    [InlineData(OwnershipOrigin.Inherited, 30, Verdict.Act)]
    public void An_app_that_we_made_is_given_up_only_after_ten_minutes(OwnershipOrigin origin, int away, Verdict verdict)
    {
        var plan = Foreign(SnapshotBuilder.App)
            .With((UserApp u) => u with { Ownership = new Ownership(SnapshotBuilder.App, u.UserId, origin, default, null) })
            .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddSeconds(-away) })
            .Plan();

        Assert.Equal((verdict, Reasons.AppNameTaken), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData(0, Verdict.Blocked, Reasons.DestroyBudget)]
    [InlineData(1, Verdict.Act, Reasons.AppNameTaken)]
    public void Giving_up_an_app_that_is_recorded_as_ours_waits_for_the_budget(int left, Verdict verdict, string reason)
    {
        var recorded = Foreign(SnapshotBuilder.App).With((FleetGuards g) => g with { DestroysLeft = left });
        Assert.Equal(Verdict.Act, recorded.Plan().Verdict);

        var plan = recorded.With((UserApp u) => u with { Ownership = new Ownership(u.AppName, u.UserId, OwnershipOrigin.Adopted, default, null) }).Plan();

        Assert.Equal((verdict, reason), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData(OwnershipOrigin.Created, false, "another", Verdict.Blocked)]
    [InlineData(OwnershipOrigin.Adopted, false, "another", Verdict.Blocked)]
    [InlineData(OwnershipOrigin.Inherited, true, "another", Verdict.Blocked)]
    [InlineData(OwnershipOrigin.Inherited, false, "another", Verdict.Act)] // the row's word, of an app that nobody has seen
    [InlineData(OwnershipOrigin.Created, false, "vyx", Verdict.Act)]
    [InlineData(OwnershipOrigin.Created, false, "", Verdict.Act)]
    [InlineData(OwnershipOrigin.Created, false, null, Verdict.Act)]
    public void An_app_that_was_made_in_another_organisation_is_not_given_up(OwnershipOrigin origin, bool deployed, string? org, Verdict verdict)
    {
        foreach (var tier in new[] { "pro", "free" })
        {
            var plan = Foreign(SnapshotBuilder.App)
                .With((UserApp u) => u with
                {
                    Tier = tier,
                    DeployedAt = deployed ? SnapshotBuilder.Start.UtcDateTime : null,
                    Ownership = new Ownership(u.AppName, u.UserId, origin, default, null, org),
                })
                .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddHours(-1) })
                .Plan();

            Assert.Equal(verdict, plan.Verdict);
            Assert.Equal(verdict == Verdict.Blocked, plan.Reason == Reasons.OtherOrganisation);
        }
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void How_old_a_creation_is_does_not_depend_on_our_clock(int jump)
    {
        var plan = Foreign(SnapshotBuilder.App)
            .With((UserApp u) => u with { ReadAt = u.ReadAt.AddSeconds(-jump), Intents = [Asked("app", 599 + jump)] })
            .Plan();

        Assert.Equal((Verdict.Wait, Reasons.OutcomeUnknown), (plan.Verdict, plan.Reason));
    }

    [Fact]
    public void An_absence_that_begins_in_our_future_begins_now_because_our_clock_was_set_back() =>
        Assert.Equal(
            SnapshotBuilder.Start,
            Foreign(SnapshotBuilder.App).With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddHours(1) }).Plan().Memory.AwaySince);

    [Fact]
    public void Of_many_unanswered_creations_the_last_one_counts()
    {
        var plan = Foreign(SnapshotBuilder.App).With((UserApp u) => u with { Intents = [Asked("app", 3600), Asked("app", 1)] }).Plan();

        Assert.Equal((Verdict.Wait, Reasons.OutcomeUnknown), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData("machine", SnapshotBuilder.App)]
    [InlineData("app", "vyx-user-another")]
    public void What_was_asked_for_under_another_name_or_was_no_app_does_not_hold_a_name(string kind, string name)
    {
        var plan = Foreign(SnapshotBuilder.App).With((UserApp u) => u with { Intents = [Asked(kind, 1) with { AppName = name }] }).Plan();

        Assert.Equal((Verdict.Act, Reasons.AppNameTaken), (plan.Verdict, plan.Reason));
    }

    [Theory]
    [InlineData(AppPresence.Missing)]
    [InlineData(AppPresence.Unclaimed)]
    public void What_was_known_of_an_app_that_is_no_more_is_not_known_of_its_successor(AppPresence presence)
    {
        var memory = Remembering(presence).Plan().Memory;

        Assert.Equal((null, null, null), (memory.Secrets, memory.Pending, memory.Crash));
    }

    [Theory]
    [InlineData(AppPresence.Ours)]
    [InlineData(AppPresence.Adoptable)]
    [InlineData(AppPresence.Foreign)]
    public void What_is_known_of_an_app_that_exists_is_kept(AppPresence presence)
    {
        var memory = Remembering(presence).Plan().Memory;

        Assert.Equal((true, true, true), (memory.Secrets is not null, memory.Pending is not null, memory.Crash is not null));
    }

    [Theory]
    [InlineData(AppPresence.Ours, false)]
    [InlineData(AppPresence.Adoptable, false)]
    [InlineData(AppPresence.Foreign, true)]
    [InlineData(AppPresence.Missing, true)]
    public void A_refused_name_is_remembered_until_the_app_under_it_is_ours(AppPresence presence, bool isRemembered) =>
        Assert.Equal(isRemembered, Remembering(presence).Plan().Memory.NameTakenAt is not null);

    [Fact]
    public void An_adopted_app_whose_elected_machine_is_not_seen_is_recorded_and_gets_no_second_machine() =>
        new SnapshotBuilder().Unseen().With((ObservedApp o) => o with { App = AppPresence.Adoptable }).Plan()
            .ShouldBe(Verdict.Act, Reasons.AppAdopted, "take_ownership");

    [Theory]
    [InlineData(600, 60, Verdict.Wait)]
    [InlineData(629, 29, Verdict.Wait)]
    [InlineData(630, 30, Verdict.Act)]
    public void A_creation_that_was_never_answered_is_forgotten_only_when_looks_agree_since_it_can_no_longer_land(int seconds, int away, Verdict verdict)
    {
        var asked = new CreateIntent("launch-0", "app", SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };

        var plan = new SnapshotBuilder().NeverProvisioned()
            .With((UserApp u) => u with { Tier = "free", Intents = [asked] })
            .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddSeconds(-away), DeprovisionSince = SnapshotBuilder.Start.AddDays(-9) })
            .Plan();

        Assert.Equal(verdict, plan.Verdict);
        Assert.Equal(verdict == Verdict.Act ? ["release_app"] : [], plan.Lines());
    }

    [Theory]
    [InlineData("", "allocate_address shared_v4,allocate_address v6")]
    [InlineData("v6", "allocate_address shared_v4")]
    [InlineData("shared_v4,v6", "")]
    [InlineData("v4,v6", "")]
    [InlineData(null, "")]
    public void Public_ingress_allocates_the_addresses_that_are_missing(string? present, string expected)
    {
        var plan = Public().With((ObservedApp o) => o with { Addresses = present?.Split(',', StringSplitOptions.RemoveEmptyEntries) }).Plan();

        Assert.Equal(expected, string.Join(',', plan.Lines()));
    }

    [Fact]
    public void A_new_public_app_gets_both_addresses_right_after_it_is_made()
    {
        var plan = new SnapshotBuilder().NeverProvisioned().With((FleetPolicy p) => p with { PublicIngress = true }).Plan();

        Assert.Equal(["create_app", "allocate_address shared_v4", "allocate_address v6", "set_secrets"], plan.Lines()[..4]);
    }

    private static SnapshotBuilder Public()
    {
        var policy = SnapshotBuilder.DefaultPolicy with { PublicIngress = true };
        var spec = Reconciler.Observing.DesiredBuilder.TierSpec("pro", policy)!;
        return new SnapshotBuilder().With((FleetPolicy _) => policy).With((Machine m) => SnapshotBuilder.MachineOf(spec, m.Id));
    }

    private static SnapshotBuilder Foreign(string name) => new SnapshotBuilder()
        .NeverProvisioned()
        .With((UserApp u) => u with { AppName = name })
        .With((AppMemory m) => m with { AwaySince = SnapshotBuilder.Start.AddMinutes(-1) })
        .With((ObservedApp o) => o with { App = AppPresence.Foreign });

    private static CreateIntent Asked(string kind, int seconds) => new(
        "launch-" + seconds, kind, SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = SnapshotBuilder.Start.AddSeconds(-seconds).UtcDateTime };

    /// <summary>A machine that is not seen was changed a moment ago, and has been restarted before.</summary>
    private static SnapshotBuilder Remembering(AppPresence presence) => new SnapshotBuilder()
        .Unseen()
        .With((ObservedApp o) => o with { App = presence })
        .With((AppMemory m) => m with
        {
            Pending = new("update", "m1", "v2", "v1", SnapshotBuilder.Spec, SnapshotBuilder.Start.AddSeconds(-1)),
            Crash = new CrashMemory(2, SnapshotBuilder.Start.AddSeconds(-1)),
            NameTakenAt = SnapshotBuilder.Start.AddSeconds(-1),
        });

    private static string Candidate(int k) => AppNames.Candidate("vyx-user-", SnapshotBuilder.UserId, k);
}
