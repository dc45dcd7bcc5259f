namespace Operations.Tests.Scraping;

/// <summary>
/// A small fleet at work under a real daemon, with one of everything that an operator wants to see: users that converged, one that a
/// wrong override blocks, a refused destruction, calls that Fly failed. A real Prometheus has watched all of it.
/// </summary>
public sealed class RunningFleet : IAsyncLifetime
{
    private World? _world;
    private Prometheus? _prometheus;
    private Program? _daemon;

    internal World World => _world ?? throw new InvalidOperationException("the fleet does not run yet");

    internal Prometheus Prometheus => _prometheus ?? throw new InvalidOperationException("Prometheus does not run yet");

    internal Uri Daemon => _daemon!.Address!;

    internal Program Process => _daemon!;

    public async Task InitializeAsync()
    {
        _world = await World.CreateAsync();
        _world.AuditOften();
        _daemon = await _world.StartReadyAsync(
            ("Reconciler__DestroyBudget", "0"), ("Reconciler__DestroyBudgetShare", "0"), ("Reconciler__DeprovisionGrace", "00:00:01"));
        _prometheus = await Prometheus.StartAsync(Daemon, Repository.Path("deploy", "prometheus", "reconciler.rules.yml"));
        await _world.EventuallyAsync(() => _prometheus.HasAsync("""leader_election_master_status == 1"""), "Prometheus has scraped a leader");

        await _world.Fly.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorBefore, Operation = "machines.create", Count = 4 });
        await _world.ProvisionAsync();
        await _world.EventuallyAsync(() => _prometheus.HasAsync("""reconciler_convergence_seconds_count{tier="pro"} == 1"""), "the first one was scraped, so that the next is a rise");
        await _world.ProvisionAsync("elite");
        var blocked = (await _world.ProvisionAsync()).User;
        await _world.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"region": "mars"}' where user_id = $1""", blocked);
        var leaving = (await _world.ProvisionAsync()).User;
        await _world.Data.SetTierAsync(leaving, "free");

        await _world.EventuallyAsync(() => _prometheus.HasAsync("""reconciler_guard_refusals_total{guard="DestroyBudget"} > 0"""), "a destruction was refused");
        await _world.EventuallyAsync(() => _prometheus.HasAsync("""reconciler_users{reason="input"} == 1"""), "the blocked user is counted");
        await _world.EventuallyAsync(() => _prometheus.HasAsync("""rate(controller_runtime_reconcile_time_seconds_count[1m]) > 0"""), "rates have two points");
    }

    public async Task DisposeAsync()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class FleetCollection : ICollectionFixture<RunningFleet>
{
    public const string Name = "a running fleet";
}
