using FlyApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Configuration;
using Reconciler.Guarding;
using Reconciler.Health;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Reconciling;
using Reconciler.Reporting;
using Reconciler.Rollouts;
using Reconciler.Secrets;
using Reconciler.Telemetry;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

/// <summary>One user's app under the whole core (observe, plan, apply, report), with Fly and the database in memory.</summary>
internal sealed class SimulatedApp : IPolicySource, ISecretSource, IDisposable
{
    private readonly FakeTimeProvider _time = new(SnapshotBuilder.Start);
    private readonly ReconcilerTelemetry _telemetry = new();
    private readonly Leadership _leadership;
    private readonly FleetGuard _guard;
    private readonly AppReconciler _reconciler;
    private int _ids;

    public SimulatedApp(SnapshotBuilder start, bool digsUp = true)
    {
        var snapshot = start.Build();
        Current = snapshot.Policy;
        Store = new FakeStore(snapshot.User with { ControllerState = ReportJson.Write(snapshot.Memory) }, _time) { DigsUp = digsUp };
        foreach (var machine in snapshot.Observed.Machines)
        {
            Fly.Machines[machine.Id] = machine;
        }

        _leadership = new Leadership(_time, new LeaseToken("lease", "us", 1), TimeSpan.FromDays(1000), _time.GetTimestamp());
        _guard = new FleetGuard(Store, new TripwireLimits(0.2, 3, TimeSpan.FromMinutes(10)), 1000, 0, _time, () => _leadership);
        var prober = Substitute.For<IHealthProber>();
        prober.ProbeAsync(default!, default!, default, default).ReturnsForAnyArgs(HealthProbe.Unreachable);
        var till = new BudgetTill(Store, _guard);
        var apps = new AppSteps(Fly, Store, till, _time, NewId);
        var runner = new StepRunner(
            Fly, Store, apps, new MachineSteps(Fly, Store, apps, this, _time, NewId), new DestroySteps(Fly, Store, till));
        _reconciler = new AppReconciler(
            Store,
            new SnapshotReader(new AppObserver(Fly, prober, _time), this, new RevisionBook(Store, this, enabled: false), start, _guard, _time),
            new PlanApplier(runner, _telemetry, NullLogger<PlanApplier>.Instance),
            new StatusReporter(Store, _telemetry),
            new DestroyApprovals(Store, _time),
            new ConvergenceLedger(_time, _telemetry),
            new PriceTable(),
            acts: _ => true,
            _time,
            () => 0.5,
            _telemetry,
            NullLogger<AppReconciler>.Instance);
    }

    public FakeFly Fly { get; } = new();
    public FakeStore Store { get; }
    public FleetPolicy Current { get; }
    public SecretsStatus Status => Current.Secrets;

    public async Task<ReconcileResult> ReconcileAsync(bool forced = false) =>
        await _reconciler.ReconcileAsync(new ReconcileRequest(SnapshotBuilder.UserId, forced, Deep: forced, IgnoreBackoff: forced), _leadership, default);

    /// <summary>Until the next look is due, but no longer than a minute, so that what depends on the clock comes due as well.</summary>
    public void Pass(TimeSpan? after)
    {
        Fly.Tick();
        _time.Advance(after is { } wait && wait < TimeSpan.FromMinutes(1) ? wait + TimeSpan.FromMilliseconds(1) : TimeSpan.FromMinutes(1));
    }

    public bool Knows(string digest) => digest == Current.Secrets.Digest;

    public IReadOnlyDictionary<string, string>? ValuesFor(Guid userId, string digest) => !Knows(digest) ? null :
        Current.Secrets.Names.ToDictionary(n => n, _ => SnapshotBuilder.SecretValue, StringComparer.Ordinal);

    public Task<bool> RefreshAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public void Dispose()
    {
        _guard.Dispose();
        _telemetry.Dispose();
    }

    private string NewId() => "id-" + _ids++;
}
