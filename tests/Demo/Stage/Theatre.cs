using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FlySim;
using FlySim.Admin;
using Npgsql;
using TestKit;

namespace Demo.Stage;

/// <summary>Everything that runs: a private PostgreSQL, the simulated Fly, the daemon. Disposing stops it all and leaves nothing behind.</summary>
internal sealed class Theatre : IAsyncDisposable
{
    public const string FirstImage = "registry.fly.io/vyx-app:deployment-1";
    public const string SecondImage = "registry.fly.io/vyx-app:deployment-2";
    public const string ThirdImage = "registry.fly.io/vyx-app:deployment-3";
    public const string ForgottenImage = "registry.fly.io/vyx-app:deployment-0";

    /// <summary>Not a user's: what the host application itself runs on.</summary>
    public const string FollowedApp = "vyx-backend";

    /// <summary>A login that has what the migrations grant to the daemon, and no more.</summary>
    private const string DaemonLogin = "vyx_reconciler";

    private readonly Dictionary<string, string> _digests = [];
    private readonly PostgresCluster _cluster;
    private readonly Watchdog _watchdog;

    private Theatre(PostgresCluster cluster, TestDatabase database, FlySimServer fly, ReconcilerProgram program)
    {
        _cluster = cluster;
        Database = database;
        Fly = fly;
        Program = program;
        Folder = Directory.CreateTempSubdirectory("vyx-demo-").FullName;
        _watchdog = new Watchdog(Folder);
        DaemonAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
    }

    public TestDatabase Database { get; }
    public FlySimServer Fly { get; }
    public ReconcilerProgram Program { get; }
    public string Folder { get; }
    public DemoSecrets Secrets { get; private init; } = new();
    public Uri DaemonAddress { get; }
    public Daemon? Daemon { get; private set; }
    public string Image { get; private set; } = FirstImage;
    public string LogFile => Path.Combine(Folder, "daemon.log");
    public string SignalFile => Path.Combine(Folder, "force");

    /// <summary>What the daemon and the commands run with.</summary>
    public IReadOnlyDictionary<string, string> Environment => DaemonEnvironment.Of(
        Secrets, Fly.BaseAddress, Fly.SupabaseAddress, Url(DaemonLogin), Image, SignalFile, DaemonAddress.Port);

    public string OwnerUrl => Url(PostgresCluster.HostOwner);

    public static async Task<Theatre> OpenAsync(string reconciler, CancellationToken cancellationToken)
    {
        var secrets = new DemoSecrets();
        var cluster = await PostgresCluster.StartNewAsync();
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var database = await cluster.CreateDatabaseAsync();
            var fly = await FlySimServer.StartAsync(new FlySimOptions { Token = secrets.FlyToken, Settings = Pace }, cancellationToken);
            await fly.Client.SetSupabaseKeysAsync(new SupabaseKeys { Good = [secrets.ServiceKey] }, cancellationToken);
            var theatre = new Theatre(cluster, database, fly, new ReconcilerProgram(reconciler)) { Secrets = secrets };
            await theatre.PushAsync(ForgottenImage, cancellationToken);
            await theatre.PushAsync(FirstImage, cancellationToken);
            return theatre;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async Task PushAsync(string image, CancellationToken cancellationToken) =>
        _digests[image] = (await Fly.Client.RegisterImageAsync(image, cancellationToken: cancellationToken)).Digest;

    /// <summary>Of an image that was pushed.</summary>
    public string DigestOf(string image) => _digests[image];

    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public async Task<string> MigrateAsync(CancellationToken cancellationToken)
    {
        var asOwner = new Dictionary<string, string> { ["DATABASE_URL"] = OwnerUrl };
        var migrated = await Program.RunAsync(asOwner, cancellationToken, "migrate");
        return migrated.ExitCode == 0
            ? migrated.Output
            : throw new InvalidOperationException($"reconciler migrate: {migrated.Summary}");
    }

    /// <summary>The migrations make the daemon's role; its login is the operator's to make.</summary>
    public Task CreateDaemonLoginAsync() => _cluster.CreateLoginAsync(DaemonLogin, "in role fly_reconciler_daemon");

    public Task<Finished> CommandAsync(CancellationToken cancellationToken, params string[] arguments) =>
        Program.RunAsync(Environment, cancellationToken, arguments);

    /// <summary>Starts the daemon, with another image when one is given.</summary>
    public void StartDaemon(string? image = null)
    {
        Image = image ?? Image;
        Daemon = Daemon.Start(Program, Environment, _watchdog, LogFile);
    }

    /// <summary>Stops the daemon as a supervisor does; returns its exit code.</summary>
    public async Task<int> StopDaemonAsync()
    {
        await using var daemon = Daemon ?? throw new InvalidOperationException("the daemon does not run");
        Daemon = null;
        return await daemon.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Daemon is not null)
        {
            await Daemon.DisposeAsync();
        }

        await Fly.DisposeAsync();
        await _cluster.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Slow enough to be watched.</summary>
    private static SimSettings Pace => new()
    {
        LatencyMs = 15,
        BootMs = 600,
        UpdateMs = 400,
        StopMs = 300,
        DestroyMs = 300,
        AppDeleteMs = 300,
        CheckMs = 200,
        GraceScale = 0.2,
    };

    private string Url(string login)
    {
        var parts = new NpgsqlConnectionStringBuilder(Database.ConnectionStringOf(login));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}?sslmode=disable");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
