using System.Diagnostics;
using Npgsql;

namespace EndToEnd.Tests.Harness;

/// <summary>Everything a test needs: a migrated database of its own, a Fly of its own, and processes of the product between them.</summary>
internal sealed class World : IAsyncDisposable
{
    public const string Image = "registry.fly.io/vyx-app:deployment-01";
    public const string Token = "fm2_lJPECAAAAAAAsimulatedtoken";
    public const string ServiceKey = "sb_secret_simulated_service_role_key";

    private const string Login = "reconciler_login";

    /// <summary>Costs nothing where all is well, and a machine that builds and tests at the same time is slow.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly Lazy<Task<TestDatabase>> Migrated = new(MigrateOnceAsync);

    private readonly List<Program> _programs = [];

    private World(TestDatabase database, FlySimServer server)
    {
        Database = database;
        Server = server;
        Folder = Directory.CreateTempSubdirectory("reconciler-e2e-").FullName;
        Environment = Configuration.For(server, DaemonConnectionString(database), Path.Combine(Folder, "force"));
    }

    public TestDatabase Database { get; }
    public VyxData Data => Database.Data;
    public FlySimServer Server { get; }
    public FlySimClient Fly => Server.Client;
    public string Folder { get; }

    /// <summary>What processes are started with; a test may change it before it starts one.</summary>
    public Dictionary<string, string?> Environment { get; }

    public string SignalFile => Environment["RECONCILER_SIGNAL_FILE"]!;

    /// <summary>Every value that must appear nowhere; a test that uses a new one adds it.</summary>
    public List<string> SecretValues { get; } = [.. Configuration.SecretValues];

    /// <summary>The test itself planted a machine that ran beside another: the daemon cannot be blamed for that moment.</summary>
    public bool PlantedOverlap { get; set; }

    public IReadOnlyList<Program> Programs => _programs;

    /// <param name="migrated">False: the host's tables alone.</param>
    public static async Task<World> CreateAsync(bool migrated = true)
    {
        var cluster = await PostgresCluster.SharedAsync();
        var template = await Migrated.Value;
        var database = await cluster.CreateDatabaseAsync(copyOf: migrated ? template : null);
        var server = await FlySimServer.StartAsync(new FlySimOptions { Token = Token, Settings = Configuration.FastFly });
        var world = new World(database, server);
        world.SecretValues.Add(new NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Password!);
        await world.Fly.RegisterImageAsync(Image);
        await Neighbours.PlantAsync(world.Fly);
        return world;
    }

    public static string DaemonConnectionString(TestDatabase database) => Pooled(database.ConnectionStringOf(Login));

    /// <summary>As a daemon connects. A server process takes some fifty milliseconds of processor to start and as much again to warm
    /// up: one per statement makes a busy machine lose the lease, and a few are enough for a test.</summary>
    public static string Pooled(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true, MaxPoolSize = 3 }.ConnectionString;

    /// <summary>Starts the daemon; what is given goes before <see cref="Environment"/>.</summary>
    public Program Start(params (string Name, string? Value)[] changes)
    {
        var program = new Program(With(changes), "run");
        _programs.Add(program);
        return program;
    }

    /// <summary>Starts the daemon and waits until it is ready.</summary>
    public async Task<Program> StartReadyAsync(params (string Name, string? Value)[] changes)
    {
        var program = Start(changes);
        await EventuallyAsync(async () => await StatusAsync(program, "readyz") == 200, "the daemon is ready");
        return program;
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<(int Exit, Program Program)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public async Task<(int Exit, Program Program)> RunAsync((string Name, string? Value)[] changes, params string[] arguments)
    {
        var program = new Program(With(changes), arguments);
        _programs.Add(program);
        return (await program.ExitAsync(), program);
    }

    /// <summary>0 when nobody answers.</summary>
    public static async Task<int> StatusAsync(Program program, string path)
    {
        if (program.Address is not { } address)
        {
            return 0;
        }

        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri(address, path));
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    public async Task<AppRow> RowAsync(Guid user) => await TryRowAsync(user) ?? throw new InvalidOperationException($"user {user} has no row");

    public async Task<AppRow?> TryRowAsync(Guid user) =>
        await Database.ScalarAsync<string>("select to_jsonb(a)::text from public.user_fly_apps a where user_id = $1", user) is { } json
            ? new AppRow(JsonNode.Parse(json)!)
            : null;

    public async Task<List<AppRow>> RowsAsync() =>
        [.. (await Database.ListAsync<string>("select to_jsonb(a)::text from public.user_fly_apps a order by created_at, id"))
            .Select(json => new AppRow(JsonNode.Parse(json)!))];

    public Task<List<string>> EventsAsync(Guid user) => Database.ListAsync<string>(
        "select event_type from public.user_fly_app_events where user_id = $1 order by created_at, id", user);

    public async Task<AppState?> AppAsync(string name) => (await Fly.StateAsync()).App(name);

    /// <summary>The app's machine, when there is exactly one that is not destroyed.</summary>
    public async Task<MachineState?> MachineAsync(string app) =>
        await AppAsync(app) is { } state && state.LiveMachines.ToList() is [var machine] ? machine : null;

    /// <summary>The user's row and machine once both are as they should be and agree.</summary>
    public async Task<(AppRow Row, MachineState Machine)> ConvergedAsync(Guid user, Func<AppRow, MachineState, bool>? also = null)
    {
        (AppRow, MachineState)? found = null;
        await EventuallyAsync(
            async () =>
            {
                var row = await TryRowAsync(user);
                var machine = row is { Settled: true } ? await MachineAsync(row.App) : null;
                if (machine is not { Running: true, State: "started" } || machine.Id != row!.MachineId || also?.Invoke(row, machine) is false)
                {
                    return false;
                }

                found = (row, machine);
                return true;
            },
            $"user {user} has converged");
        return found!.Value;
    }

    /// <summary>A paying user whose machine runs.</summary>
    public async Task<(Guid User, AppRow Row, MachineState Machine)> ProvisionAsync(string tier = "pro")
    {
        var user = await Data.CreateUserAsync(tier);
        var (row, machine) = await ConvergedAsync(user);
        return (user, row, machine);
    }

    public Task EventuallyRowAsync(Guid user, Func<AppRow, bool> holds, string what) =>
        EventuallyAsync(async () => await TryRowAsync(user) is { } row && holds(row), what);

    public async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                Assert.Fail($"not so within {Deadline.TotalSeconds} s: {what}\n{await DescribeAsync()}");
            }

            await Task.Delay(Look);
        }
    }

    /// <summary>What every look at a user sees, seen soon: for drift that the organisation's list does not show.</summary>
    public void AuditOften() => Environment["Reconciler__AuditSchedule"] = "*/2 * * * * *";

    /// <summary>The machine as Fly's API shows it, its config included.</summary>
    public async Task<JsonNode> ReadMachineAsync(string app, string machine)
    {
        using var http = new HttpClient { BaseAddress = Server.BaseAddress };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + Token);
        return JsonNode.Parse(await http.GetStringAsync($"v1/apps/{app}/machines/{machine}"))!;
    }

    /// <summary>Calls that change something at Fly, without refused starts of machines that were not startable yet.</summary>
    public async Task<List<LoggedCall>> ChangesAsync(long since = 0) =>
        [.. (await Fly.CallsAsync(since, mutatingOnly: true)).Where(c => c is not { Operation: "machines.start", Status: 412 })];

    /// <summary>The number of the last call so far.</summary>
    public async Task<long> NowAsync() => (await Fly.CallsAsync()).Select(c => c.Seq).DefaultIfEmpty(0).Max();

    /// <summary>Returns once the informer has looked at Fly this often again: long enough for what it sees to have been acted on.</summary>
    public async Task LooksAsync(int times)
    {
        var since = await NowAsync();
        await EventuallyAsync(
            async () => (await Fly.CallsAsync(since)).Count(c => c.Operation == "orgs.machines") >= times, $"{times} looks at Fly");
    }

    /// <summary>Ends every process and fails when a promise was broken that holds in every test.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Invariants.CheckAsync(this);
        }
        finally
        {
            foreach (var program in _programs)
            {
                program.Dispose();
            }

            await Server.DisposeAsync();
            Directory.Delete(Folder, recursive: true);
        }
    }

    public async Task<string> DescribeAsync()
    {
        var state = await Fly.StateAsync();
        var apps = state.Apps.Where(a => !Neighbours.Names.Contains(a.Name)).Take(20).Select(a =>
            $"  fly {a.Name} ({a.Org}): {string.Join("; ", a.Machines.Select(m => $"{m.Id} {m.Name} {m.State} {m.HostStatus} running={m.Running}"))}");
        var calls = (await Fly.CallsAsync()).Where(c => c.Operation != "orgs.machines").TakeLast(30)
            .Select(c => $"  call {c.Time:ss.fff} {c.Method} {c.Path} {c.Status} {c.Fault} {c.Error}");
        var rows = (await RowsAsync()).Take(20).Select(r => "  row " + r);
        var logs = _programs.Select((p, i) =>
            $"  --- program {i}{(p.HasExited ? " (ended)" : "")}\n  {string.Join("\n  ", p.Text.Split('\n').TakeLast(40))}");
        return string.Join('\n', apps.Concat(rows).Concat(calls).Concat(logs));
    }

    private Dictionary<string, string?> With((string Name, string? Value)[] changes)
    {
        var environment = new Dictionary<string, string?>(Environment);
        foreach (var (name, value) in changes)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static async Task<TestDatabase> MigrateOnceAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync();
        using var migrate = new Program(new Dictionary<string, string?> { ["DATABASE_URL"] = database.OwnerConnectionString }, "migrate");
        Assert.True(await migrate.ExitAsync() == 0, migrate.Text);
        await cluster.CreateLoginAsync(Login, "in role fly_reconciler_daemon");
        return database;
    }
}
