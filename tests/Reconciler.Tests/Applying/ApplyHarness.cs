using FlyApi;
using FlyApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Applying;
using Reconciler.Guarding;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Secrets;
using Reconciler.Telemetry;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

/// <summary>The applier between two substituted ports; every call to either is noted in order.</summary>
internal sealed class ApplyHarness : IDisposable
{
    public const string App = SnapshotBuilder.App;
    public static readonly LeaseToken Token = new("lease", "us", 7);
    public static readonly Machine Made = SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "new") with { State = MachineStates.Created };

    private readonly ReconcilerTelemetry _telemetry = new();
    private readonly PlanApplier _applier;
    private int _ids;

    public ApplyHarness()
    {
        Leadership = new Leadership(Time, Token, TimeSpan.FromSeconds(15), Time.GetTimestamp());
        var secrets = Substitute.For<ISecretSource>();
        secrets.Status.Returns(_ => SecretsStatus);
        secrets.ValuesFor(default, default!).ReturnsForAnyArgs(call => call.ArgAt<string>(1) == SecretsStatus.Digest
            ? new Dictionary<string, string> { ["USER_ID"] = SnapshotBuilder.SecretValue }
            : null);
        var (fly, store) = (CallRecorder.Before(Fly, Calls), CallRecorder.Before(Store, Calls));
        var till = new BudgetTill(store, new FiveAnHour());
        var apps = new AppSteps(fly, store, till, Time, NewId);
        var runner = new StepRunner(
            fly, store, apps, new MachineSteps(fly, store, apps, secrets, Time, NewId), new DestroySteps(fly, store, till));
        _applier = new PlanApplier(runner, _telemetry, NullLogger<PlanApplier>.Instance);

        Store.ElectMachineAsync(default!, default, default!, default, default, default).ReturnsForAnyArgs(true);
        Store.RenameAppAsync(default!, default, default!, default!, default).ReturnsForAnyArgs(true);
        Store.TryDrawDestroyAsync(default!, default!, default, default).ReturnsForAnyArgs(new BudgetDraw(true, 1, null));
        Store.ReadUserUnderLeaseAsync(default!, default, default).ReturnsForAnyArgs(_ => UserNow);
        Fly.CreateMachineAsync(default!, default!, default).ReturnsForAnyArgs(Made);
        Fly.GetMachineAsync(default!, default!, default).ReturnsForAnyArgs(Made with { Id = "m1", State = MachineStates.Destroyed });
        Fly.ListMachinesAsync(default!, default).ReturnsForAnyArgs([]);
        Fly.GetPlacementsAsync(default!, default!, default!, default, default).ReturnsForAnyArgs([new Placement("sin", 1)]);
        Fly.SetSecretsAsync(default!, default!, default).ReturnsForAnyArgs(new SecretsUpdate(4, [new AppSecret("USER_ID", "fly-1"), new AppSecret("THEIRS", "x")]));
    }

    public IFlyApi Fly { get; } = Substitute.For<IFlyApi>();
    public IStore Store { get; } = Substitute.For<IStore>();
    public FakeTimeProvider Time { get; } = new(SnapshotBuilder.Start);
    public Leadership Leadership { get; }
    public SecretsStatus SecretsStatus { get; set; } = SnapshotBuilder.DefaultPolicy.Secrets;

    /// <summary>What the row says when a step asks again; null: it vanished.</summary>
    public UserApp? UserNow { get; set; }

    /// <summary>Names of the calls to both ports, without <c>Async</c>, in the order in which they were made.</summary>
    public List<string> Calls { get; } = [];

    public static FlyApiException Error(FlyErrorClass error, FlyErrorDetail detail = FlyErrorDetail.None, string? existing = null) =>
        new(error, "op", null, "text", "req-1", detail, existingMachineId: existing);

    public Task<ApplyResult> ApplyAsync(SnapshotBuilder builder, params Step[] steps)
    {
        var snapshot = builder.Build();
        UserNow ??= snapshot.User;
        var plan = Planner.Plan(snapshot);
        return _applier.ApplyAsync(snapshot, steps.Length == 0 ? plan : plan with { Steps = steps }, Leadership, default);
    }

    public void Dispose() => _telemetry.Dispose();

    private sealed class FiveAnHour : IFleetGuard
    {
        public Task<FleetGuards> ReadAsync(bool forced, bool afresh, CancellationToken cancellationToken) => Task.FromResult(new FleetGuards(5, null, forced));

        public Task<int> DestroyLimitAsync(CancellationToken cancellationToken) => Task.FromResult(5);
    }

    private string NewId() => "launch-" + ++_ids;
}
