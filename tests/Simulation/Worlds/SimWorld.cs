using FlySim;
using FlySim.Admin;
using FlySim.Model;
using Reconciler.Configuration;
using Reconciler.Hosting;
using Reconciler.Observing;
using Reconciler.Secrets;
using Simulation.Invariants;

namespace Simulation.Worlds;

/// <summary>One simulated world: a Fly, a database, machines that run the daemon, and who watches over them.</summary>
internal sealed class SimWorld : IDisposable
{
    private readonly List<Incarnation> _incarnations = [];
    private readonly List<string> _violations = [];
    private readonly List<Task> _background = [];
    private readonly WorldOptions _options;
    private long _lastLanding;

    public SimWorld(WorldOptions options)
    {
        _options = options;
        Scheduler = new Scheduler(SimRandom.Named(options.Seed, "scheduler"));
        Trace = new Trace(Scheduler, options.KeepLines);
        Random = SimRandom.Named(options.Seed, "world");
        Fly = new FlyModel(this, options.Fly);
        Database = new DatabaseModel(this, options.DatabaseClockOffset, options.NotificationTrouble);
        Watch = new Watch(this);
        Oracle = new Oracle(this);
        for (var n = 0; n < options.Nodes; n++)
        {
            var clock = options.Clocks[Math.Min(n, options.Clocks.Count - 1)];
            Nodes.Add(new Node(this, $"n{n + 1}", clock) { Settings = SettingsOf(n, options.Configuration) });
        }
    }

    public ulong Seed => _options.Seed;

    public bool LeaseOff => _options.LeaseOff;

    public LogLevel LogLevel => _options.KeepLines ? LogLevel.Debug : LogLevel.Information;

    public Scheduler Scheduler { get; }

    public Trace Trace { get; }

    /// <summary>For what happens to the world, not for what a process draws.</summary>
    public SimRandom Random { get; }

    public IFaultSource Faults => _options.Faults;

    public Disturbances Disturbances => _options.Disturbances;

    public Coverage Coverage { get; } = new();

    public FlyModel Fly { get; }

    public DatabaseModel Database { get; }

    public List<Node> Nodes { get; } = [];

    /// <summary>The names of the incarnations that crashed.</summary>
    public HashSet<string> Died { get; } = new(StringComparer.Ordinal);

    public Watch Watch { get; }

    public Oracle Oracle { get; }

    /// <summary>An outage: every transaction is refused.</summary>
    public bool DatabaseDown { get; set; }

    /// <summary>When a read was last answered with something older, in ticks; null = never.</summary>
    public long? StaleReadAt { get; set; }

    /// <summary>How long a call that its caller has given up may still take effect; zero = none is left.</summary>
    public TimeSpan UntilLastLanding => TimeSpan.FromTicks(Math.Max(0, _lastLanding - Scheduler.Ticks));

    /// <summary>The configuration that holds at the end.</summary>
    public Settings Settings => Nodes[0].Settings;

    public int DestroyLimit => Math.Max(
        Settings.Guards.DestroyBudget, (int)Math.Floor(Database.MostOwned * Settings.Guards.DestroyBudgetShare));

    public IReadOnlyList<string> Violations => _violations;

    /// <summary>Whether this user's override stands as it is and cannot be fulfilled; nobody else may suffer.</summary>
    public bool IsPoisoned(Guid user) =>
        !OverrideSpec.TryParse(Database.OverrideOf(user), SecretNames.All, out _, out _);

    /// <summary>A rule was broken; the run ends at the next look.</summary>
    public void Violate(string rule, string what)
    {
        Trace.Note("watch", $"VIOLATION {rule}: {what}");
        if (_violations.Count < 20)
        {
            _violations.Add($"{rule}: {what}");
        }
    }

    /// <summary>A call that takes effect late is trouble until it has landed.</summary>
    public void WillLand(FaultRule rule)
    {
        if (rule.Kind == FaultKinds.Late)
        {
            _lastLanding = Math.Max(_lastLanding, Scheduler.Ticks + ((rule.DelayMs ?? 0) * TimeSpan.TicksPerMillisecond) + TimeSpan.TicksPerSecond);
        }
    }

    /// <summary>What goes on beside the rest; its end is awaited before the calm.</summary>
    public void Background(Task act) => _background.Add(act);

    public Task BackgroundEndsAsync() => Task.WhenAll(_background);

    public void Remember(Incarnation node) => _incarnations.Add(node);

    /// <summary>Each node's settings; with the lease off each has a lease of its own.</summary>
    public Settings SettingsOf(int node, Configuration configuration) => Configurations.Of(
        LeaseOff ? configuration with { LeaseName = $"reconciler-{node + 1}" } : configuration);

    public Ports PortsOf(Incarnation node, Settings settings)
    {
        var border = new Border(this, node);
        var store = new StorePort(border, Database.Store, Database.Leases);
        var fly = new FlyPort(border);
        return new Ports
        {
            Store = store,
            Leases = store,
            Changes = Database.FeedOf(node),
            FlyHandler = fly,
            PlainHandler = fly,
            Signals = new SignalPort(border, node.Owner.Disk),
            Time = node.Clock,
            Random = node.Random.NextDouble,
            NewId = () => node.Random.NextHex(16),
            Loggers = new SimLog(this, node),
            Holder = node.Name,
        };
    }

    /// <summary>A user whose app an older way of deploying made.</summary>
    public Guid PlantEstate(string? machineName, string region, int cpus, int memoryMb)
    {
        var user = Database.SignUp();
        var app = DatabaseModel.FirstNameOf(user);
        Database.PlantRow(user, app);
        Fly.PlantEstate(app, machineName, region, cpus, memoryMb, user);
        Database.SetTier(user, "pro");
        return user;
    }

    /// <summary>What the abandoned incarnations held is given back only now: earlier, their ends would wake what is dead.</summary>
    public void Dispose()
    {
        foreach (var incarnation in _incarnations)
        {
            incarnation.Life.Die();
            incarnation.Dispose();
        }

        Fly.Dispose();
    }
}
