using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Store.Tests;

/// <summary>A migrated database and the store on it, as a login that has no more than the daemon's role.</summary>
public sealed class StoreFixture : IAsyncLifetime
{
    private static readonly Lazy<Task<TestDatabase>> Migrated = new(MigrateOnceAsync);

    public const string DaemonLogin = "reconciler_login";

    public TestDatabase Database { get; private set; } = null!;

    public VyxData Data => Database.Data;

    public PostgresStores Stores { get; private set; } = null!;

    public IStore Store => Stores.Store;

    public LeaseToken Lease { get; private set; } = null!;

    public string DaemonConnectionString => new NpgsqlConnectionStringBuilder(Database.ConnectionStringOf(DaemonLogin))
    {
        Pooling = true,
        ConnectionIdleLifetime = 5,
        ConnectionPruningInterval = 2,
    }.ConnectionString;

    public async Task InitializeAsync()
    {
        Database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(copyOf: await Migrated.Value);
        Stores = Open(DaemonConnectionString);
        Lease = (await Stores.Leases.TryAcquireAsync("leader", "test", TimeSpan.FromHours(1), default)).Token!;
        await Store.WriteDefaultsAsync(Lease, Defaults, default);
    }

    public static RowDefaults Defaults { get; } = new("vyx-user-", "vyx", "sin", "registry.fly.io/vyx-app:deployment-02", 2, 512);

    public static PostgresStores Open(string connectionString, TimeProvider? time = null) => StoreFactory.Create(
        new StoreOptions { ConnectionString = connectionString },
        time ?? TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5);

    public async Task DisposeAsync() => await Stores.DisposeAsync();

    /// <summary>Signs up a paying user; the trigger makes the row.</summary>
    public async Task<UserApp> PayingUserAsync(string tier = "pro")
    {
        var id = await Data.CreateUserAsync(tier);
        return await UserAsync(id);
    }

    public async Task<UserApp> UserAsync(Guid id) =>
        await Store.ReadUserAsync(id, default) ?? throw new InvalidOperationException($"user {id} is not there");

    private static async Task<TestDatabase> MigrateOnceAsync()
    {
        var cluster = await PostgresCluster.SharedAsync();
        var database = await cluster.CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);
        await cluster.CreateLoginAsync(DaemonLogin, "in role fly_reconciler_daemon");
        return database;
    }
}
