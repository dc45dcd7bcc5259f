using System.Text.Json;
using CsCheck;
using Reconciler.Guarding;
using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reporting;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

/// <summary>The controller's documents in the database, as they could be after somebody edited them.</summary>
public sealed class HostileMemoryTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Start;
    private static readonly TripwireLimits Limits = new(0.2, 3, TimeSpan.FromMinutes(10));

    private static readonly AppMemory Whole = new()
    {
        Secrets = SnapshotBuilder.SecretsOf("secrets-1", 1),
        Pending = new PendingChange("update", SnapshotBuilder.MachineId, "v1", "v0", SnapshotBuilder.Spec, Now.AddMinutes(-1)),
        LastGood = SnapshotBuilder.OldSpec,
        Rejected = new RejectedSpec("0123456789abcdef", Reasons.SilentlyRolledBack, Now.AddHours(-1), 2, Final: false),
        DeprovisionSince = Now.AddDays(-1),
        NameTakenAt = Now.AddHours(-2),
        Crash = new CrashMemory(3, Now.AddMinutes(-5), [Now.AddMinutes(-7), Now.AddMinutes(-6), Now.AddMinutes(-5)]),
        MustReplace = "HostCapacity",
        Trouble = new TroubleMemory("unhealthy", SnapshotBuilder.MachineId, Now.AddMinutes(-2)),
    };

    private static readonly string Conditions = ReportJson.Write([
        new Condition("Ready", ConditionStatus.False, "ImageRejected", "m", Now), new Condition("Degraded", ConditionStatus.True, "R", "m", Now.AddDays(-1))]);

    private const string Census = """{"samples":[{"at":"2026-03-01T11:55:00+00:00","entitled":100},{"at":"2026-03-01T11:58:00+00:00","entitled":98}],"hold":"20 of 100","heldSince":"2026-03-01T11:59:00+00:00"}""";

    /// <summary>Users in the states in which a memory matters.</summary>
    private static readonly Func<SnapshotBuilder>[] Situations =
    [
        () => new SnapshotBuilder(),
        () => new SnapshotBuilder().State("stopped"),
        () => new SnapshotBuilder().State("failed"),
        () => new SnapshotBuilder().State("starting"),
        () => new SnapshotBuilder().Gone(),
        () => new SnapshotBuilder().NewImage(),
        () => new SnapshotBuilder().NeverProvisioned(),
        () => new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" }),
        () => new SnapshotBuilder().With((UserApp u) => u with { Tier = "free" }).State("stopped"),
        () => new SnapshotBuilder().With((FlyApi.Contracts.Machine m) => m with { Checks = [new("health", "critical", "", null)] }),
        () => new SnapshotBuilder().With((FlyApi.Contracts.Machine m) => m with { InstanceId = "v0" }),
    ];

    [Fact]
    public void A_memory_of_ours_is_read_as_it_was_written() =>
        Assert.Equal(ReportJson.Write(Whole), ReportJson.Write(ReportJson.ReadMemory(ReportJson.Write(Whole), Now)));

    [Fact]
    public void With_any_memory_and_any_conditions_every_user_is_planned_and_reported() =>
        Gen.Select(HostileJson.TextOf(ReportJson.Write(Whole)), HostileJson.TextOf(Conditions), Gen.OneOf(Situations)).Hold(
            2_000,
            (memory, conditions, situation) =>
            {
                var snapshot = situation()
                    .With((AppMemory _) => ReportJson.ReadMemory(memory, Now))
                    .With((UserApp u) => u with { ControllerState = memory, Conditions = conditions })
                    .Build();

                var plan = Planner.Plan(snapshot);
                var status = snapshot.Report(plan);

                Assert.True(plan.RequeueAfter is null || plan.RequeueAfter < TimeSpan.FromDays(8), $"waits {plan.RequeueAfter}");
                HostileText.AssertHarmless(status.ErrorMessage, 700);
                HostileText.AssertHarmless(status.Region, 700);
                HostileText.AssertHarmless(status.DockerImage, 700);
                Assert.All(ReportJson.ReadConditions(status.Conditions), c => HostileText.AssertHarmless(c.Message, 700));
                Assert.All(status.Events, e => HostileText.AssertHarmless(e.ErrorDetails, 700));
                Assert.NotNull(ReportJson.ReadMemory(status.ControllerState, Now));
            });

    [Theory]
    [InlineData("""{"pending":{"kind":"update","machineId":"m1","since":"2026-03-01T12:00:00Z"}}""")]
    [InlineData("""{"pending":{"kind":"update","machineId":"m1","spec":{},"since":"0001-01-01T00:00:00Z"}}""")]
    [InlineData("""{"crash":{"restarts":2147483647,"lastRestart":"9999-12-31T23:59:59Z"}}""")]
    [InlineData("""{"crash":{"restarts":-5,"lastRestart":"2026-03-01T11:00:00Z"}}""")]
    [InlineData("""{"trouble":{"kind":null,"machineId":"m1","since":"9999-12-31T23:59:59Z"}}""")]
    [InlineData("""{"rejected":{"specHash":"x","reason":"SilentlyRolledBack","at":"9999-12-31T23:59:59Z","attempts":1}}""")]
    [InlineData("""{"secrets":{"setDigest":"x","version":1,"flyDigests":null}}""")]
    [InlineData("""{"secrets":{"setDigest":"x","version":1,"flyDigests":{"A":null}}}""")]
    [InlineData("""{"deprovisionSince":"0001-01-01T00:00:00Z"}""")]
    [InlineData("""{"nameTakenAt":"9999-12-31T23:59:59Z","lastGood":{"image":"x"}}""")]
    public void A_part_that_nothing_can_be_reckoned_with_is_as_if_never_remembered(string json) =>
        Assert.Equal("{}", ReportJson.Write(ReportJson.ReadMemory(json, Now)));

    [Theory]
    [InlineData("""["9999-12-31T23:59:59Z"]""")]
    [InlineData("""["2026-03-01T11:00:00Z","2026-03-01T11:00:00Z","2026-03-01T11:00:00Z","2026-03-01T11:00:00Z"]""")]
    public void Instants_of_restarts_that_no_reconcile_wrote_are_dropped_and_their_count_stays(string latest)
    {
        var memory = ReportJson.ReadMemory("""{"crash":{"restarts":4,"lastRestart":"2026-03-01T11:00:00Z","latest":""" + latest + "}}", Now);
        Assert.True(memory.Crash is { Restarts: 4, Latest: null });
    }

    [Fact]
    public void Conditions_without_what_they_need_are_as_if_never_written() => Assert.Empty(
        ReportJson.ReadConditions("""[null,{"type":null},{"type":"Ready","status":7,"reason":"r","message":"m"},{"status":"True"}]"""));

    [Fact]
    public void Any_census_lets_the_guard_judge_and_never_lets_a_fall_through_that_it_held() =>
        HostileJson.TextOf(Census).Hold(3_000, json =>
        {
            var history = CensusHistory.Read(json, Now, out var repaired);
            var after = ShrinkTripwire.Evaluate(history, new Census(10, 100, 100), Limits, Now);

            HostileText.AssertHarmless(after.Hold, 700);
            Assert.Equal(after.Hold is null, after.ReleaseKey is null);
            Assert.True(!repaired || history.Samples is not [{ Entitled: int.MaxValue }] || after.Hold is not null, "an unreadable guard let a fall through");
            Assert.Null(ShrinkTripwire.Release(new Census(10, 100, 100), Now).Hold);
        });

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"samples":null}""")]
    [InlineData("""{"samples":[null]}""")]
    [InlineData("""{"samples":[{"at":"never","entitled":1}]}""")]
    [InlineData("""{"samples":[{"at":"2026-03-01T11:55:00+00:00"}]}""")]
    [InlineData("""{"samples":[{"at":"2026-03-01T11:55:00+00:00","entitled":99999999999}]}""")]
    public void A_guard_whose_memory_was_made_unreadable_holds_until_an_operator_confirms(string json)
    {
        var read = CensusHistory.Read(json, Now, out var repaired);
        var held = ShrinkTripwire.Evaluate(read, new Census(0, 100, 100), Limits, Now);

        Assert.True(repaired);
        Assert.Contains("cannot be read", held.Hold, StringComparison.Ordinal);
        Assert.NotNull(held.ReleaseKey);
        var again = CensusHistory.Read(JsonSerializer.Serialize(held, GuardJson.Default.CensusHistory), Now.AddDays(1), out repaired);
        Assert.Equal((held.ReleaseKey, false), (again.ReleaseKey, repaired));
        Assert.NotNull(ShrinkTripwire.Evaluate(again, new Census(100, 100, 100), Limits, Now.AddDays(1)).Hold);
    }

    [Fact]
    public void Any_last_good_image_is_a_pinned_one_or_none() =>
        HostileJson.TextOf(new LastGoodImage("registry.fly.io/x:1", "registry.fly.io/x@" + SnapshotBuilder.DigestOf('a'), "registry.fly.io/x:1").ToJson())
        .Hold(2_000, json =>
        {
            var image = LastGoodImage.FromJson(json);

            HostileText.AssertHarmless(image?.Label, 300);
            Assert.True(image is null || image.ToFound() is not null);
        });

    [Fact]
    public void Large_documents_are_read_in_time() => Assert.All(HostileJson.Large(), json => HostileRun.InTime(() =>
    {
        ReportJson.ReadMemory(json, Now);
        ReportJson.ReadConditions(json);
        CensusHistory.Read(json, Now, out _);
        LastGoodImage.FromJson(json);
    }));
}
