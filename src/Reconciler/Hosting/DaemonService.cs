using Reconciler.Configuration;
using Reconciler.Hosting.Gauges;
using Reconciler.Telemetry;
using Reconciler.WebConsole;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// The daemon: connects, keeps the view of Fly and the policy warm on every replica, and leads when the lease is ours.
/// A loop that dies ends the process, and its supervisor starts it again.
/// </summary>
internal sealed class DaemonService(
    Settings settings,
    IReadOnlyList<string> warnings,
    LifecycleProbe probe,
    ReconcilerTelemetry telemetry,
    ConsoleSource console,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : BackgroundService
{
    private readonly ILogger _logger = loggers.CreateLogger<DaemonService>();

    /// <summary>What the process should exit with.</summary>
    public int ExitCode { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var warning in warnings)
        {
            HostLog.ConfigurationWarning(_logger, warning);
        }

        try
        {
            await using var stores = StoreFactory.Create(
                new StoreOptions { ConnectionString = settings.DatabaseUrl.Reveal() }, TimeProvider.System, loggers, RealWorld.Random);
            var ports = RealWorld.Ports(stores, loggers);
            using var core = new Core(settings, ports, await Replica.ConnectAsync(stores.Store, TimeProvider.System, _logger, stoppingToken), telemetry);
            probe.Attach(core.Elector, core.Informer, core.View, core.Policies);
            HostLog.Started(
                _logger, settings.Mode.ToString(), ports.Holder, settings.Image.Text, settings.Loops.Workers, settings.Http.Port);
            var term = core.Term();
            console.Attach(Parts(core, term, stores));
            await RunAsync(core, term, stores, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // asked to stop before anything had begun
        }
        catch (Exception exception)
        {
            ExitCode = 1;
            HostLog.LoopEnded(_logger, "daemon", exception);
            lifetime.StopApplication();
        }
    }

    /// <summary>The replica, and beside it what only counts: the end of the counting is no reason to stop.</summary>
    private async Task RunAsync(Core core, ControllerTerm term, PostgresStores stores, CancellationToken stoppingToken)
    {
        var statistics = new FleetStatisticsWatch(
            stores.Statistics,
            () => LeaderGauges.Leads(core),
            settings.Loops.InformerInterval * 6,
            TimeProvider.System,
            loggers.CreateLogger<FleetStatisticsWatch>());
        DaemonGauges.Register(core, term, statistics);
        using var counting = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var counted = statistics.RunAsync(counting.Token);
        try
        {
            await Replica.RunAsync(core, term, stoppingToken);
        }
        finally
        {
            await counting.CancelAsync();
            await counted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ConsoleParts Parts(Core core, ControllerTerm term, PostgresStores stores) => new()
    {
        Settings = core.Settings,
        Store = stores.Store,
        Rows = stores.Console,
        Leases = stores.Leases,
        Guard = core.Guard,
        View = core.View,
        Informer = core.Informer,
        Images = core.Images,
        Secrets = core.Secrets,
        Snapshots = core.Snapshots,
        Approvals = core.Approvals,
        Leadership = () => core.Elector.Current,
        Queue = () => term.Queue,
    };
}
