using FlyApi;
using FlyApi.Contracts;
using Reconciler.Configuration;
using Reconciler.Explaining;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Reporting;
using Reconciler.Tests.Configuration;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Explaining;

public sealed class ExplainerTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Start;
    private static readonly FleetStanding Led = new("holder-1", false, Given.Settings());

    [Fact]
    public void A_user_as_desired_has_nothing_to_wait_for_but_the_next_audit()
    {
        var told = Explain(new SnapshotBuilder());

        Assert.True(told.Settled);
        Assert.Equal((Reasons.Converged, false), (told.Reason, told.NeedsPerson));
        Assert.StartsWith("Looked at when something changes, and in full after the audit of", Assert.Single(told.Next), StringComparison.Ordinal);
        Assert.True(told.NextAt > Now);
        Assert.Empty(told.Steps);
    }

    [Fact]
    public void A_failure_that_is_waited_out_is_the_cause_and_names_its_pace()
    {
        var told = Explain(new SnapshotBuilder().NewImage().With((UserApp u) => u with
        {
            RetryCount = 3,
            NextAttemptAt = Now.UtcDateTime.AddMinutes(4),
            LastErrorClass = "Capacity",
            ErrorMessage = "sin has no room",
            Conditions = Degraded(Reasons.FlyCapacity, "sin has no room"),
        }));

        Assert.Equal((Reasons.FlyCapacity, "sin has no room"), (told.Reason, told.Why));

        Assert.StartsWith("Try 4 is at ", told.Next[0], StringComparison.Ordinal);
        Assert.EndsWith("failures of class Capacity wait 30 s, doubled up to 30 min", told.Next[0], StringComparison.Ordinal);
        Assert.Equal(Now.AddMinutes(4), told.NextAt);
        Assert.Contains(told.Steps, s => s.Contains("update machine", StringComparison.Ordinal));
    }

    [Fact]
    public void A_new_wish_is_not_kept_waiting_by_an_old_failure()
    {
        var told = Explain(new SnapshotBuilder().NewImage().With((UserApp u) => u with
        {
            RetryCount = 3, NextAttemptAt = Now.UtcDateTime.AddMinutes(4), Generation = u.ObservedGeneration + 1,
        }));

        Assert.StartsWith("The wish changed", told.Next[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_leader_nothing_happens_next_and_a_person_is_needed()
    {
        var told = Explain(new SnapshotBuilder().NewImage(), Led with { Leader = null });

        Assert.True(told.NeedsPerson);
        Assert.StartsWith("Nothing, until a process leads", Assert.Single(told.Next), StringComparison.Ordinal);
        Assert.Contains(new Decider("leader", "nobody"), told.Decides);
    }

    [Fact]
    public void A_configuration_that_observes_says_so_before_anything_else() =>
        Assert.Contains("only observed", Explain(new SnapshotBuilder().NewImage(), Led with { ObservesOnly = true }).Next[0], StringComparison.Ordinal);

    [Fact]
    public void A_pause_names_who_why_and_until_when()
    {
        var told = Explain(new SnapshotBuilder().NewImage().With((UserApp u) => u with
        {
            Paused = true, PauseOwner = "ops", PauseReason = "looking", PausedUntil = Now.UtcDateTime.AddHours(2),
        }));

        Assert.Equal((Reasons.Paused, true), (told.Reason, told.NeedsPerson));
        Assert.Contains("by ops: looking; ends", told.Decides.Single(d => d.What == "pause").Stands, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spent_budget_shows_the_plan_that_it_holds_back()
    {
        var snapshot = new SnapshotBuilder().With((Machine m) => m with { Region = "sjc" }).Build();
        snapshot = snapshot with { Guards = snapshot.Guards with { DestroysLeft = 0 } };

        var told = Explain(snapshot);

        Assert.Equal(Reasons.DestroyBudget, told.Reason);
        Assert.Contains(told.Decides, d => d.What == "held back" && d.Stands.Contains("destroy machine", StringComparison.Ordinal));
        Assert.StartsWith("0 left in this hour", told.Decides.Single(d => d.What == "destroy budget").Stands, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_that_cannot_be_read_is_explained_by_that()
    {
        var snapshot = new SnapshotBuilder().Build();
        var refused = new FlyApiException(FlyErrorClass.Unauthorised, "machines.list", System.Net.HttpStatusCode.Unauthorized, "token is missing");

        var told = Explainer.Explain(new PlanPreview(snapshot, null, refused), null, Led, []);

        Assert.Equal((Reasons.FlyUnauthorised, true, false), (told.Reason, told.NeedsPerson, told.Settled));
        Assert.Contains("FLY_API_TOKEN", told.Help, StringComparison.Ordinal);
        Assert.Equal("docs/runbook.md#flyunauthorised", told.Runbook);
    }

    [Fact]
    public void No_setting_that_decides_shows_a_credential()
    {
        var shown = ReasonGuide.All.Keys.SelectMany(reason =>
            Deciders.Of(new SnapshotBuilder().Build(), ReasonGuide.Of(reason), null, Led).Select(d => d.Stands));

        Assert.All(shown, text => Assert.All(Given.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(0.4, "a moment")]
    [InlineData(42, "42 s")]
    [InlineData(60, "1 min")]
    [InlineData(250, "4 min 10 s")]
    [InlineData(7_260, "2 h 1 min")]
    [InlineData(259_200, "3 d")]
    public void A_span_is_said_as_a_person_says_it(double seconds, string said) =>
        Assert.Equal(said, Upcoming.Span(TimeSpan.FromSeconds(seconds)));

    private static string Degraded(string reason, string message) => ReportJson.Write(
        [new Condition(ConditionTypes.Ready, ConditionStatus.False, reason, message, Now.AddMinutes(-10))]);

    private static Explanation Explain(SnapshotBuilder builder, FleetStanding? fleet = null) => Explain(builder.Build(), fleet);

    private static Explanation Explain(Snapshot snapshot, FleetStanding? fleet = null)
    {
        var preview = new PlanPreview(snapshot, Planner.Plan(snapshot), null);
        return Explainer.Explain(preview, HeldPlan.Behind(snapshot), fleet ?? Led, []);
    }
}
