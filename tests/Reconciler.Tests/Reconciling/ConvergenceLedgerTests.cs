using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Reporting;
using Reconciler.Telemetry;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reconciling;

/// <summary>The clock that users' patience is measured by.</summary>
public sealed class ConvergenceLedgerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(SnapshotBuilder.Start);
    private readonly ReconcilerTelemetry _telemetry = new();
    private readonly MeterListener _listener = new();
    private readonly List<(double Seconds, string Tier)> _converged = [];
    private readonly ConvergenceLedger _ledger;

    public ConvergenceLedgerTests()
    {
        _ledger = new ConvergenceLedger(_time, _telemetry);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_telemetry.Owns(instrument) && instrument.Name == "reconciler_convergence")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => _converged.Add((value, (string)tags[0].Value!)));
        _listener.Start();
    }

    [Fact]
    public void The_clock_runs_from_the_wish_to_the_first_look_that_finds_it_met()
    {
        _ledger.Wished(SnapshotBuilder.UserId);
        After(seconds: 2, converged: false);
        After(seconds: 5, converged: true);
        After(seconds: 9, converged: true);

        Assert.Equal([(7, "pro")], _converged);
        Assert.Equal(0, _ledger.Unconverged().Count);
    }

    [Fact]
    public void A_second_wish_while_the_first_is_unmet_does_not_set_the_clock_back()
    {
        After(seconds: 0, converged: false);
        _time.Advance(TimeSpan.FromMinutes(11));
        _ledger.Wished(SnapshotBuilder.UserId);

        Assert.Equal((1, TimeSpan.FromMinutes(11)), _ledger.Unconverged());
    }

    [Fact]
    public void A_user_who_was_not_Ready_under_the_leader_before_has_waited_since_then()
    {
        _ledger.Saw(NotReadySince(minutes: 30).Build(), Status, converged: false);

        Assert.Equal(TimeSpan.FromMinutes(30), _ledger.Unconverged().Oldest);
    }

    [Fact]
    public void A_wish_that_nobody_has_observed_does_not_inherit_an_older_wait()
    {
        var snapshot = NotReadySince(minutes: 30).With((UserApp u) => u with { Generation = u.ObservedGeneration + 1 }).Build();

        _ledger.Saw(snapshot, Status, converged: false);

        Assert.Equal(TimeSpan.Zero, _ledger.Unconverged().Oldest);
    }

    [Fact]
    public void A_pause_ends_the_waiting_without_a_value()
    {
        After(seconds: 0, converged: false);

        _ledger.Saw(new SnapshotBuilder().With((UserApp u) => u with { Paused = true }).Build(), Status, converged: false);

        Assert.Equal(0, _ledger.Unconverged().Count);
        Assert.Empty(_converged);
    }

    [Fact]
    public void A_new_term_begins_with_nobody()
    {
        After(seconds: 0, converged: false);
        _ledger.Planned(SnapshotBuilder.UserId, PlanOf("image"));

        _ledger.Begin();

        Assert.Equal(0, _ledger.Unconverged().Count);
        Assert.Empty(_ledger.DriftCounts());
    }

    [Fact]
    public void Differences_are_counted_by_what_differs_until_they_are_gone()
    {
        _ledger.Planned(SnapshotBuilder.UserId, PlanOf("image", "env.LOG_LEVEL", "env.OTHER", "somebody's field"));
        Assert.Equal(new Dictionary<string, int> { ["image"] = 1, ["env"] = 1, ["other"] = 1 }, _ledger.DriftCounts());

        _ledger.Planned(SnapshotBuilder.UserId, PlanOf());
        Assert.Empty(_ledger.DriftCounts());
    }

    [Fact]
    public void A_machine_that_is_missing_is_a_difference_without_fields()
    {
        _ledger.Planned(SnapshotBuilder.UserId, Planner.Plan(new SnapshotBuilder().Gone().Build()));

        Assert.Equal(["machine"], _ledger.DriftCounts().Keys);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _telemetry.Dispose();
    }

    private static StatusWrite Status
    {
        get
        {
            var snapshot = new SnapshotBuilder().Build();
            var plan = Planner.Plan(snapshot);
            return StatusBuilder.Build(snapshot, plan, null, Requeue.Decide(snapshot.User, snapshot, plan, null, 0.5), new());
        }
    }

    private void After(int seconds, bool converged)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        _ledger.Saw(new SnapshotBuilder().Build(), Status, converged);
    }

    private static SnapshotBuilder NotReadySince(int minutes) => new SnapshotBuilder().With((UserApp u) => u with
    {
        Conditions = ReportJson.Write([
            new Condition(ConditionTypes.Ready, ConditionStatus.False, Reasons.FlyCapacity, "", SnapshotBuilder.Start.AddMinutes(-minutes)),
        ]),
    });

    private static Plan PlanOf(params string[] fields) =>
        Planner.Plan(new SnapshotBuilder().Build()) with { Drifts = [.. fields.Select(f => new Drift(f, null, null))] };
}
