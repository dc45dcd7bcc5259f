using Npgsql;
using Store;

namespace Soak.Takeovers;

/// <summary>One lease in a database of its own that goes from leader to leader.</summary>
internal sealed partial class Lane : IAsyncDisposable
{
    public const string Lease = "reconciler";
    private const int Contenders = 3;
    private static readonly TimeSpan Ttl = TimeSpan.FromMinutes(5);

    private readonly Random _random;
    private readonly List<Leader> _leaders;
    private readonly FrozenLeader _frozen;
    private readonly NpgsqlConnection _hand;
    private readonly NpgsqlConnection _eye;
    private readonly UserApp _user;
    private readonly List<LeaseToken> _past = [];
    private LeaseToken _current = null!;
    private string _gaveUpBecause = "";

    private Lane(TestDatabase database, Random random, List<Leader> leaders, FrozenLeader frozen, NpgsqlConnection hand, NpgsqlConnection eye, UserApp user) =>
        (Database, _random, _leaders, _frozen, _hand, _eye, _user) = (database, random, leaders, frozen, hand, eye, user);

    public static RowDefaults Defaults { get; } = new("vyx-user-", "vyx", "sin", "registry.fly.io/vyx-app:deployment-02", 2, 512);

    public TestDatabase Database { get; }

    public int Takeovers { get; private set; }

    /// <summary>Why writes ended by chance and not as their moment demands.</summary>
    public List<string> GaveUp { get; } = [];

    public Dictionary<(Moment Moment, Outcome Outcome), int> Tally { get; } = [];

    public List<string> Problems { get; } = [];

    public static async Task<List<Lane>> OpenAsync(PostgresCluster cluster, int count, int seed)
    {
        var template = await cluster.CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(template.OwnerConnectionString, static _ => { }, default);
        await cluster.CreateLoginAsync("reconciler_login", "in role fly_reconciler_daemon");
        await Audit.InstallAsync(template);
        await Audit.PrepareAsync(template);
        var lanes = new List<Lane>();
        for (var i = 0; i < count; i++)
        {
            lanes.Add(await OpenAsync(await cluster.CreateDatabaseAsync(copyOf: template), new Random(seed + i)));
        }

        return lanes;
    }

    public async Task RunAsync(int count)
    {
        var moments = Enum.GetValues<Moment>();
        for (var i = 0; Takeovers < count; i++)
        {
            // A frozen process costs a hundred times what the others cost.
            var moment = moments[i % moments.Length];
            moment = moment == Moment.FrozenProcess && i / moments.Length % 5 != 0 ? Moment.Racing : moment;
            var write = FencedWrite.All[i / moments.Length % FencedWrite.All.Count];
            var tag = $"e{_current.Epoch}-{i}";
            await PrepareAsync(write, tag);
            await PlayAsync(moment, write, tag);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _frozen.DisposeAsync();
        await _hand.DisposeAsync();
        await _eye.DisposeAsync();
        foreach (var leader in _leaders)
        {
            await leader.DisposeAsync();
        }
    }

    private static async Task<Lane> OpenAsync(TestDatabase database, Random random)
    {
        var url = database.ConnectionStringOf("reconciler_login");
        var leaders = Enumerable.Range(1, Contenders).Select(i => Leader.Open($"leader-{i}", url)).ToList();
        var token = (await leaders[0].Leases.TryAcquireAsync(Lease, leaders[0].Name, Ttl, default)).Token!;
        await leaders[0].Store.WriteDefaultsAsync(token, Defaults, default);
        var id = await database.Data.CreateUserAsync("pro");
        var user = (await leaders[0].Store.ReadUserAsync(id, default))!;
        await leaders[0].Store.RecordOwnershipAsync(token, user.AppName, id, "vyx", OwnershipOrigin.Created, default);
        await leaders[0].Store.WriteFleetStateAsync(token, "takeovers", "\"none\"", default);
        await leaders[0].Store.TryDrawDestroyAsync(token, "none", 1_000_000, default);
        foreach (var leader in leaders)
        {
            await leader.Leases.TryAcquireAsync(Lease, leader.Name, Ttl, default); // connected before anything is timed
        }

        var hand = await database.OpenAsync(database.SuperuserConnectionString);
        var eye = await database.OpenAsync(database.SuperuserConnectionString);
        return new Lane(database, random, leaders, new FrozenLeader("leader-frozen", url, id), hand, eye, user) { _current = token };
    }

    /// <summary>Sees to it that the write has something to change.</summary>
    private Task PrepareAsync(FencedWrite write, string tag) => write.Name switch
    {
        nameof(IStore.CloseIntentAsync) => HandAsync("insert into fly_reconciler.intents values ($1, 'app', 'x', gen_random_uuid(), null, now())", tag),
        nameof(IStore.ReleaseOwnershipAsync) => HandAsync("update fly_reconciler.ownership set released_at = null"),
        nameof(IStore.SyncTiersAsync) => HandAsync("update public.user_fly_apps set tier = 'elite'"),
        _ => HandAsync("update public.user_fly_apps set fly_app_name = $1 where fly_app_name <> $1", _user.AppName),
    };

    private async Task HandAsync(string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, _hand);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
