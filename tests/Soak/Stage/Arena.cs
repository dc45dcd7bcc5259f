using Npgsql;

namespace Soak.Stage;

/// <summary>Everything that runs: a PostgreSQL and a Fly of this run's own, and the daemons between them.</summary>
internal sealed class Arena : IAsyncDisposable
{
    public const string Image = "registry.fly.io/vyx-app:deployment-01";
    public const string Region = "sin";
    private const string Login = "reconciler_login";

    private readonly ReconcilerProgram _program;
    private readonly Undertaker _undertaker;
    private readonly Dictionary<string, string?> _changes;
    private int _started;

    private Arena(
        PostgresCluster cluster, TestDatabase database, FlySimServer server, Canaries canaries, ReconcilerProgram program,
        Dictionary<string, string?> changes)
    {
        (Cluster, Database, Server, Canaries, _program, _changes) = (cluster, database, server, canaries, program, changes);
        _undertaker = new Undertaker(program.Path);
        Folder = Directory.CreateTempSubdirectory("reconciler-soak-").FullName;
    }

    public PostgresCluster Cluster { get; }
    public TestDatabase Database { get; }
    public FlySimServer Server { get; }
    public FlySimClient Fly => Server.Client;
    public Canaries Canaries { get; }

    /// <summary>Logs, one file per process.</summary>
    public string Folder { get; }

    public string SignalFile => Path.Combine(Folder, "force");

    /// <summary>The digests that images of the run have now, by reference.</summary>
    public Dictionary<string, string> Digests { get; } = [];

    /// <summary>Each daemon that should run.</summary>
    public List<Daemon> Daemons { get; } = [];

    /// <param name="program">The product.</param>
    /// <param name="random">Where the canaries come from.</param>
    /// <param name="seed">Of the simulator's dice.</param>
    /// <param name="pace">How fast Fly is.</param>
    /// <param name="changes">Goes before the shortened configuration.</param>
    public static async Task<Arena> OpenAsync(
        ReconcilerProgram program, Random random, int seed, SimSettings pace, Dictionary<string, string?> changes)
    {
        var canaries = new Canaries(random);
        var cluster = await PostgresCluster.StartNewAsync();
        var database = await cluster.CreateDatabaseAsync();
        var server = await FlySimServer.StartAsync(new FlySimOptions { Token = canaries.FlyToken, Seed = seed, Settings = pace });
        var arena = new Arena(cluster, database, server, canaries, program, changes);
        canaries.Add(new NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Password!);
        await arena.PrepareAsync();
        return arena;
    }

    public Dictionary<string, string?> Environment()
    {
        var url = new NpgsqlConnectionStringBuilder(Database.ConnectionStringOf(Login)) { Pooling = true }.ConnectionString;
        var environment = DaemonEnvironment.Of(Canaries, Server, url, Image, SignalFile);
        foreach (var (name, value) in _changes)
        {
            environment[name] = value;
        }

        return environment;
    }

    public Daemon StartDaemon()
    {
        var process = _program.Start(Environment(), "run");
        _undertaker.Watch(process.Id);
        var number = Interlocked.Increment(ref _started);
        var daemon = new Daemon(process, Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"daemon-{number:000}.log")));
        Daemons.Add(daemon);
        return daemon;
    }

    public async Task KillAsync(Daemon daemon)
    {
        Daemons.Remove(daemon);
        await daemon.DisposeAsync();
    }

    /// <returns>The exit code.</returns>
    public async Task<int> TerminateAsync(Daemon daemon)
    {
        Daemons.Remove(daemon);
        var code = await daemon.TerminateAsync();
        await daemon.DisposeAsync();
        return code;
    }

    /// <summary>The daemon that holds the lease, as the database has it; null when none does.</summary>
    public async Task<Daemon?> LeaderAsync()
    {
        var holder = await Database.ScalarAsync<string>("select holder from fly_reconciler.lease where expires_at > clock_timestamp()");
        return holder?.Split('/') is [_, var id, _]
            ? Daemons.Find(d => d.ProcessId.ToString(CultureInfo.InvariantCulture) == id)
            : null;
    }

    /// <param name="text">What the signal file says; empty = everyone.</param>
    public async Task ForceAsync(string text)
    {
        // By a rename: a reader must not see half of it.
        var temporary = SignalFile + ".new";
        await File.WriteAllTextAsync(temporary, text);
        File.Move(temporary, SignalFile, overwrite: true);
    }

    public Task<Finished> RunAsync(params string[] arguments) => _program.RunAsync(Environment(), arguments);

    /// <summary>Pushes an image, or moves its tag to another digest.</summary>
    public async Task PushAsync(string reference, string? digest = null, ImageBehaviour behaviour = ImageBehaviour.Healthy)
    {
        var pushed = await Fly.RegisterImageAsync(new RegisterImage { Ref = reference, Digest = digest, Behaviour = behaviour });
        Digests[reference] = pushed.Digest;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in Daemons)
        {
            await daemon.DisposeAsync();
        }

        await Server.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        // The cluster's default loses the last commits in a crash; a database that keeps its word does not.
        await SuperuserAsync("alter system set synchronous_commit = on");
        await SuperuserAsync("select pg_reload_conf()");
        await PushAsync(Image);
        await Neighbours.PlantAsync(Fly, Image);
        var migrated = await _program.RunAsync(
            new Dictionary<string, string?> { ["DATABASE_URL"] = Database.OwnerConnectionString }, "migrate");
        if (migrated.ExitCode != 0)
        {
            throw new InvalidOperationException($"reconciler migrate: {migrated.Summary}");
        }

        await Cluster.CreateLoginAsync(Login, "in role fly_reconciler_daemon");
        await Journal.InstallAsync(Database);
    }

    public async Task SuperuserAsync(string sql)
    {
        await using var connection = await Database.OpenAsync(Database.SuperuserConnectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
