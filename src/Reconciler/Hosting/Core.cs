using FlyApi;
using Reconciler.Applying;
using Reconciler.Configuration;
using Reconciler.Guarding;
using Reconciler.Health;
using Reconciler.Images;
using Reconciler.Leading;
using Reconciler.Observing;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Reporting;
using Reconciler.Rollouts;
using Reconciler.Scheduling;
using Reconciler.Secrets;
using Reconciler.Signals;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// The object graph of one process, wired by hand so that it can be read from top to bottom: ports at the edges, pure
/// functions in the middle. Nothing runs until a command asks.
/// </summary>
internal sealed class Core : IDisposable
{
    private readonly FlyApiTelemetry _flyTelemetry = new();
    private readonly FleetMemory _memory;
    private readonly FleetGuard _guard;
    private readonly AppReconciler _reconciler;

    /// <param name="settings">Valid configuration.</param>
    /// <param name="ports">The outside.</param>
    /// <param name="digestKey">From <see cref="FleetMemory.DigestKeyAsync"/>.</param>
    /// <param name="telemetry">The host's, which is there before the database is; without one the core has its own. Disposed with the core.</param>
    public Core(Settings settings, Ports ports, byte[] digestKey, ReconcilerTelemetry? telemetry = null)
    {
        Telemetry = telemetry ?? new ReconcilerTelemetry();
        Settings = settings;
        Ports = ports;
        var (time, random, loggers) = (ports.Time, ports.Random, ports.Loggers);
        var fly = new LeaderOnlyHandler(ports.FlyHandler, () => Elector!.Current);
        (Fly, Registry) = FlyApiClientFactory.Create(settings.Fly.ToClientOptions(), fly, time, random, _flyTelemetry);

        var lease = new LeaseOptions(settings.Lease.Name, ports.Holder, settings.Lease.Ttl, settings.Lease.Renew);
        Elector = new LeaderElector(ports.Leases, lease, time, random, loggers.CreateLogger<LeaderElector>());

        _memory = new FleetMemory(ports.Store, () => Elector.Current);
        Images = new ImageCatalog(settings.Image, Fly, Registry, _memory, loggers.CreateLogger<ImageCatalog>());
        var verifier = new ServiceKeyVerifier(
            settings.MachineSecrets, settings.VerifyServiceKeyOnline, ports.PlainHandler, time, _memory, digestKey, loggers.CreateLogger<ServiceKeyVerifier>());
        Secrets = new SecretSource(settings.MachineSecrets, verifier, digestKey, loggers.CreateLogger<SecretSource>());
        var factory = new FleetPolicyFactory(settings, Images, Secrets);
        Policies = new PolicyWatcher(
            factory.Current, Images, Secrets, settings.Loops.ImagePollInterval, time, loggers.CreateLogger<PolicyWatcher>());

        View = new FleetView();
        var informing = new InformerOptions(settings.Loops.InformerInterval, settings.Loops.FullListInterval, TimeSpan.FromSeconds(60));
        Informer = new AppInformer(Fly, settings.Fly.OrgSlug, View, informing, time, random, loggers.CreateLogger<AppInformer>());

        var guards = settings.Guards;
        _guard = new FleetGuard(
            ports.Store,
            new TripwireLimits(guards.ShrinkTripwireShare, guards.ShrinkTripwireMinimum, guards.ShrinkWindow),
            guards.DestroyBudget,
            guards.DestroyBudgetShare,
            time,
            () => Elector.Current);

        IHealthProber prober = settings.HealthProbe.Address is { } address
            ? new HttpHealthProber(address, settings.HealthProbe.Timeout, ports.PlainHandler, time)
            : new OffHealthProber();
        Revisions = new RevisionBook(ports.Store, Secrets, settings.Rollout.Enabled);
        Snapshots = new SnapshotReader(new AppObserver(Fly, prober, time), Policies, Revisions, Images, _guard, time);
        Ledger = new ConvergenceLedger(time, Telemetry);

        Approvals = new DestroyApprovals(ports.Store, time);
        var till = new BudgetTill(ports.Store, _guard);
        var apps = new AppSteps(Fly, ports.Store, till, time, ports.NewId);
        var machines = new MachineSteps(Fly, ports.Store, apps, Secrets, time, ports.NewId);
        var destroys = new DestroySteps(Fly, ports.Store, till);
        var applier = new PlanApplier(
            new StepRunner(Fly, ports.Store, apps, machines, destroys), Telemetry, loggers.CreateLogger<PlanApplier>());
        _reconciler = new AppReconciler(
            ports.Store,
            Snapshots,
            applier,
            new StatusReporter(ports.Store, Telemetry),
            Approvals,
            Ledger,
            settings.Prices,
            user => settings.Acts(user.UserId, user.Tier),
            time,
            random,
            Telemetry,
            loggers.CreateLogger<AppReconciler>());
        Pass = new FleetPass(ports.Store, View, Policies, Revisions, Ledger, loggers.CreateLogger<FleetPass>());
        Tracker = new ForceTracker(time);
        Holds = new HoldWatch(ports.Store, _guard, TimeSpan.FromSeconds(30), time, loggers.CreateLogger<HoldWatch>());
        Rollouts = new RolloutLoop(
            ports.Store,
            Policies,
            Secrets,
            Ledger,
            Deep,
            settings.Acts,
            () => Holds.Hold,
            settings.Rollout,
            settings.Timings.StuckAfter,
            time,
            Telemetry,
            loggers.CreateLogger<RolloutLoop>());
    }

    public Settings Settings { get; }
    public Ports Ports { get; }
    public IFlyApi Fly { get; }
    public IImageRegistry Registry { get; }
    public LeaderElector Elector { get; }
    public ImageCatalog Images { get; }
    public SecretSource Secrets { get; }
    public PolicyWatcher Policies { get; }
    public FleetView View { get; }
    public AppInformer Informer { get; }
    public IFleetGuard Guard => _guard;
    public SnapshotReader Snapshots { get; }
    public ConvergenceLedger Ledger { get; }
    public DestroyApprovals Approvals { get; }
    public FleetPass Pass { get; }
    public ForceTracker Tracker { get; }
    public HoldWatch Holds { get; }
    public RevisionBook Revisions { get; }
    public RolloutLoop Rollouts { get; }
    public DeepRequests Deep { get; } = new();
    public ReconcilerTelemetry Telemetry { get; }

    /// <summary>Destructions that the hour's budget still has, and its size; null before the guard's first look.</summary>
    public (int Left, int Limit)? DestroyBudget => _guard.LastBudget;

    public RowDefaults Defaults => new(
        Settings.Fleet.AppNamePrefix,
        Settings.Fly.OrgSlug,
        Settings.Fly.Region,
        Policies.Current.Image.Label ?? Settings.Image.Text,
        Settings.Fleet.Guests["pro"].Cpus,
        Settings.Fleet.Guests["pro"].MemoryMb);

    /// <param name="queue">The term's queue.</param>
    /// <param name="ignoreBackoff">A person waits for one pass: waits that were written down are passed over.</param>
    public ReconcileWorkers Workers(WorkQueue<Guid> queue, bool ignoreBackoff) => new(
        queue, _reconciler, Deep, Tracker, Ledger, ignoreBackoff, Ports.Time, Ports.Random, Telemetry, Ports.Loggers.CreateLogger<ReconcileWorkers>());

    /// <summary>What the leader of a daemon runs.</summary>
    public ControllerTerm Term()
    {
        var loops = Settings.Loops;
        var signals = new SignalFeed(
            Ports.Store,
            Ports.Signals ?? new SignalFile(loops.SignalFile, Ports.Time, Ports.Loggers.CreateLogger<SignalFile>()),
            Tracker,
            Ports.Time,
            Ports.Loggers.CreateLogger<SignalFeed>());
        var feeding = new FeedOptions(
            Schedule(loops.ResyncSchedule), Schedule(loops.AuditSchedule), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        var feeds = new TermFeeds(
            Ports.Store,
            Ports.Changes,
            Fly,
            Settings.Fly.OrgSlug,
            signals,
            _memory,
            Deep,
            Ledger,
            Defaults,
            feeding,
            Ports.Time,
            Ports.Random,
            Ports.Loggers.CreateLogger<TermFeeds>());
        var options = new TermOptions(loops.Workers, loops.DrainTimeout, Settings.Mode == ReconcilerMode.Observe, Settings.Rollout.Enabled);
        return new ControllerTerm(
            View,
            Informer,
            Policies,
            Pass,
            Ledger,
            feeds,
            Holds,
            Rollouts,
            queue => Workers(queue, ignoreBackoff: false),
            options,
            Ports.Time,
            Ports.Loggers.CreateLogger<ControllerTerm>());
    }

    private static CronSchedule Schedule(Cronos.CronExpression expression) =>
        CronSchedule.TryParse(expression.ToString(), out var schedule, out var problem)
            ? schedule
            : throw new InvalidOperationException(problem);

    public void Dispose()
    {
        _guard.Dispose();
        _flyTelemetry.Dispose();
        Telemetry.Dispose();
    }
}
