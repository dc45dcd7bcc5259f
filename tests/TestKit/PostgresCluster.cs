using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;
using Npgsql;

namespace TestKit;

/// <summary>
/// A private PostgreSQL server on loopback, in a temporary folder, without durability. <see cref="SharedAsync"/> gives the one
/// of this process; a test that stops or restarts its server takes its own with <see cref="StartNewAsync"/>.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    /// <summary>Owns the host application's tables; like the hosted platform's owner it is no superuser.</summary>
    public const string HostOwner = "vyx_owner";

    private const string Superuser = "postgres";
    private const string Template = "vyx_template";
    private static readonly Lazy<Task<PostgresCluster>> Shared = new(StartSharedAsync);

    private readonly string _folder;
    private readonly string _password;
    private int _databases;
    private string _copying = "";
    private bool _disposed;

    private PostgresCluster(string folder, string password)
    {
        _folder = folder;
        _password = password;
    }

    public int Port { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    public static Task<PostgresCluster> SharedAsync() => Shared.Value;

    public static async Task<PostgresCluster> StartNewAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vyx-postgres-").FullName;
        var cluster = new PostgresCluster(folder, Convert.ToHexString(RandomNumberGenerator.GetBytes(8)));
        if (Shell.ServerUser is { } user)
            Shell.GiveTo(user, folder);
        cluster.WatchOverThisProcess();
        cluster.Initialise();
        cluster.StartOnFreePort();
        await cluster.ChooseCopyingAsync();
        await cluster.CreateTemplateAsync();
        return cluster;
    }

    /// <summary>A fresh database with the host application's tables, owned by <see cref="HostOwner"/>; or a copy of a database
    /// to which nobody is connected.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(TestDatabase? copyOf = null)
    {
        var name = $"vyx_{Interlocked.Increment(ref _databases)}";
        // One at a time: the server refuses to copy a template while another copy of it connects.
        await ExecuteAsync(ConnectionString(Superuser, "postgres"), $"""
            select pg_advisory_lock(1);
            create database {name} template {copyOf?.Name ?? Template} owner {HostOwner} {_copying};
            select pg_advisory_unlock(1)
            """);
        return new TestDatabase(this, name);
    }

    /// <summary>Makes a login role, with the same password as every other role of this server.</summary>
    public Task CreateLoginAsync(string role, string attributes = "") =>
        ExecuteAsync(ConnectionString(Superuser, "postgres"), $"create role {role} login password '{_password}' {attributes}");

    public string ConnectionString(string user, string database, Action<NpgsqlConnectionStringBuilder>? change = null)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = IPAddress.Loopback.ToString(),
            Port = Port,
            Username = user,
            Password = _password,
            Database = database,
            Pooling = false,
            Timeout = 10,
            SslMode = SslMode.Disable,
        };
        change?.Invoke(builder);
        return builder.ConnectionString;
    }

    public string SuperuserConnectionString(string database) => ConnectionString(Superuser, database);

    public void Start() => PgCtl("start", "-l", Path.Combine(_folder, "server.log"), "-o", $"-p {Port}");

    public void Stop(ShutdownMode mode = ShutdownMode.Fast) => PgCtl("stop", "-m", Name(mode));

    public void Restart(ShutdownMode mode = ShutdownMode.Fast)
    {
        Stop(mode);
        Start();
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        // One statement at a time: "create database" refuses to share a transaction with its neighbours.
        foreach (var statement in sql.Contains("create database", StringComparison.Ordinal) ? sql.Split(';') : [sql])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<PostgresCluster> StartSharedAsync()
    {
        var cluster = await StartNewAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster.Dispose();
        return cluster;
    }

    private static string Name(ShutdownMode mode) => mode == ShutdownMode.Fast ? "fast" : "immediate";

    private void Initialise()
    {
        var passwordFile = Path.Combine(_folder, "password");
        File.WriteAllText(passwordFile, _password);
        Shell.Run(
            PostgresBinaries.Path("initdb"), "-D", Data, "-U", Superuser, "--auth=password", $"--pwfile={passwordFile}",
            "--encoding=UTF8", "--locale=C", "--no-sync");
        Shell.Run("sh", "-c", $"""
            cat >> '{Data}/postgresql.conf' <<'EOF'
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            max_connections = 200
            shared_buffers = 64MB
            fsync = off
            synchronous_commit = off
            full_page_writes = off
            wal_level = minimal
            max_wal_senders = 0
            log_min_messages = warning
            # Hundreds of small databases stay for one run: none lives long enough to gain from being looked after, or from compiled queries.
            autovacuum = off
            jit = off
            EOF
            """);
    }

    /// <summary>A killed test process cannot clean up: this one waits for its end and does.</summary>
    private void WatchOverThisProcess() => Shell.Detach("sh", "-c", $"""
        trap '' INT TERM HUP
        while kill -0 {Environment.ProcessId} 2>/dev/null || [ -d /proc/{Environment.ProcessId} ]; do sleep 1; done
        '{PostgresBinaries.Path("pg_ctl")}' stop -D '{Data}' -m immediate >/dev/null 2>&1
        rm -rf '{_folder}'
        """);

    private void StartOnFreePort()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            try
            {
                Start();
                return;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                // Somebody took the port between our look and the server's start: look again.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Files copied as files cost a fraction of pages copied through the log, which PostgreSQL does from 15 on unless it is told.</summary>
    private async Task ChooseCopyingAsync()
    {
        await using var connection = new NpgsqlConnection(ConnectionString(Superuser, "postgres"));
        await connection.OpenAsync();
        _copying = connection.PostgreSqlVersion.Major >= 15 ? "strategy file_copy" : "";
    }

    private async Task CreateTemplateAsync()
    {
        await CreateLoginAsync(HostOwner, "createrole createdb bypassrls");
        await ExecuteAsync(ConnectionString(Superuser, "postgres"), $"""
            create role anon nologin;
            create role authenticated nologin;
            create role service_role nologin bypassrls;
            grant anon, authenticated, service_role to {HostOwner};
            """);
        await ExecuteAsync(ConnectionString(Superuser, "postgres"), $"create database {Template} owner {HostOwner}");
        await ExecuteAsync(ConnectionString(Superuser, Template), $$"""
            create schema auth;
            create table auth.users (id uuid primary key, email text, created_at timestamptz not null default now());
            create function auth.uid() returns uuid language sql stable as
              $body$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $body$;
            grant usage on schema auth to {{HostOwner}}, anon, authenticated, service_role;
            grant all on auth.users to {{HostOwner}};
            alter schema public owner to {{HostOwner}};
            """);
        await ExecuteAsync(ConnectionString(HostOwner, Template), await ReadFixtureAsync());
    }

    private static async Task<string> ReadFixtureAsync()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("VyxSchema.sql")
            ?? throw new InvalidOperationException("the resource VyxSchema.sql is missing");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private void PgCtl(string verb, params string[] arguments) =>
        Shell.Run([PostgresBinaries.Path("pg_ctl"), verb, "-D", Data, "-w", .. arguments]);

    private void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        try
        {
            Stop(ShutdownMode.Immediate);
        }
        catch (InvalidOperationException)
        {
            // A test has stopped it already.
        }
        Directory.Delete(_folder, recursive: true);
    }
}
