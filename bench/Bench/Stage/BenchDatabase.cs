using Npgsql;
using NpgsqlTypes;
using Probe;
using Reconciler.Model;
using Store;
using TestKit;

namespace Bench.Stage;

/// <summary>A migrated database on a private server, with as many converged users as a scenario asks for.</summary>
internal sealed class BenchDatabase(TestDatabase database)
{
    private const string Login = "bench_daemon";
    private static readonly Lazy<Task> LoginMade = new(static async () =>
        await (await PostgresCluster.SharedAsync()).CreateLoginAsync(Login, "in role fly_reconciler_daemon"));

    public TestDatabase Database => database;

    /// <summary>As the migration's owner, pooled.</summary>
    public string OwnerConnection => Pooled(database.OwnerConnectionString);

    /// <summary>As a login with no more than the daemon's role, pooled.</summary>
    public string DaemonConnection => Pooled(database.ConnectionStringOf(Login));

    public static async Task<BenchDatabase> CreateAsync(bool migrated = true)
    {
        var database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        if (migrated)
        {
            await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, CancellationToken.None);
            await LoginMade.Value;
            // A vacuum of its own accord would write in the middle of a round.
            await ExecuteAsync(database, "alter table public.user_fly_apps set (autovacuum_enabled = off)");
        }

        return new BenchDatabase(database);
    }

    public static async Task MakeLoginAsync() => await LoginMade.Value;

    /// <summary>Users, subscriptions, rows and ownership as converged reconciles leave them, and the floor's integers beside.</summary>
    /// <param name="users">How many.</param>
    /// <param name="pages">What Fly shows of them.</param>
    public async Task PlantAsync(int users, List<byte[]> pages)
    {
        await using var connection = await database.OpenAsync(database.SuperuserConnectionString);
        // Without triggers and foreign keys: what they would check is right by construction, and 100,000 notifications help nobody.
        await ExecuteAsync(connection, $"""
            set session_replication_role = replica;
            truncate public.user_fly_apps, public.user_subscriptions, public.user_profiles, auth.users,
                     fly_reconciler.ownership, fly_reconciler.intents, fly_reconciler.events, fly_reconciler.revisions cascade;
            create schema if not exists bench authorization {PostgresCluster.HostOwner};
            drop table if exists bench.floor;
            create table bench.floor (app bigint not null, seen bigint not null);
            grant usage on schema bench to {PostgresCluster.HostOwner}, fly_reconciler_daemon;
            grant select on bench.floor to {PostgresCluster.HostOwner}, fly_reconciler_daemon
            """);
        await PlantUsersAsync(connection, users);
        await PlantFloorAsync(connection, pages);
        await ExecuteAsync(connection, """
            insert into auth.users (id, email) select user_id, 'bench@example.com' from public.user_fly_apps;
            insert into public.user_subscriptions (user_id, tier, status) select user_id, 'pro', 'active' from public.user_fly_apps;
            insert into fly_reconciler.ownership (app_name, user_id, origin, org_slug, machine_id)
            select fly_app_name, user_id, 'created', 'bench', machine_id from public.user_fly_apps;
            set session_replication_role = default
            """);
        await VacuumAsync();
    }

    public async Task VacuumAsync()
    {
        await using var connection = await database.OpenAsync(database.SuperuserConnectionString);
        await ExecuteAsync(connection, "vacuum analyze");
    }

    /// <summary>The next transaction number: it moves when, and only when, some transaction has written.</summary>
    public Task<long> NextTransactionAsync() => database.ScalarAsync<long>("select txid_snapshot_xmax(txid_current_snapshot())");

    /// <summary>Rows of the host's table written since a transaction number.</summary>
    public Task<long> RowsWrittenSinceAsync(long transaction) =>
        database.ScalarAsync<long>("select count(*) from public.user_fly_apps where xmin::text::bigint >= $1", transaction);

    private static async Task PlantUsersAsync(NpgsqlConnection connection, int users)
    {
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy public.user_fly_apps (user_id, fly_app_name, fly_org_slug, status, health_status, region, docker_image, cpu_count,
              memory_mb, tier, machine_id, generation, observed_generation, fingerprint, conditions, controller_state, deployed_at)
            from stdin (format binary)
            """);
        for (var i = 0; i < users; i++)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(Fleet.User(i), NpgsqlDbType.Uuid);
            await copy.WriteAsync(Fleet.App(i), NpgsqlDbType.Text);
            await copy.WriteAsync("bench", NpgsqlDbType.Text);
            await copy.WriteAsync("active", NpgsqlDbType.Text);
            await copy.WriteAsync("healthy", NpgsqlDbType.Text);
            await copy.WriteAsync(Fleet.Region, NpgsqlDbType.Text);
            await copy.WriteAsync(Fleet.Image, NpgsqlDbType.Text);
            await copy.WriteAsync(2, NpgsqlDbType.Integer);
            await copy.WriteAsync(512, NpgsqlDbType.Integer);
            await copy.WriteAsync("pro", NpgsqlDbType.Text);
            await copy.WriteAsync(Fleet.Machine(i), NpgsqlDbType.Text);
            await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(1L, NpgsqlDbType.Bigint);
            await copy.WriteAsync(
                Fingerprint.Of(Fleet.Wish, Fleet.Machine(i), Fleet.Version(i), "started", Fleet.Region), NpgsqlDbType.Bigint);
            await copy.WriteAsync(Conditions, NpgsqlDbType.Jsonb);
            await copy.WriteAsync("""{"spec":"0123456789abcdef","secrets":{"digest":"0123456789abcdef","version":3}}""", NpgsqlDbType.Jsonb);
            await copy.WriteAsync(DateTime.UnixEpoch.AddDays(20_000), NpgsqlDbType.TimestampTz);
        }

        await copy.CompleteAsync();
    }

    private static async Task PlantFloorAsync(NpgsqlConnection connection, List<byte[]> pages)
    {
        var machines = new List<FloorMachine>();
        foreach (var page in pages)
        {
            FloorMachine.Scan(page, machines);
        }

        await using var copy = await connection.BeginBinaryImportAsync("copy bench.floor (app, seen) from stdin (format binary)");
        foreach (var machine in machines)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(machine.App, NpgsqlDbType.Bigint);
            await copy.WriteAsync(machine.Seen, NpgsqlDbType.Bigint);
        }

        await copy.CompleteAsync();
    }

    private const string Conditions = """
        [{"type":"Ready","status":"True","reason":"Converged","message":"as wished","lastTransitionTime":"2026-01-02T03:04:05Z"},
         {"type":"Healthy","status":"True","reason":"ChecksPass","message":"every check passes","lastTransitionTime":"2026-01-02T03:04:05Z"}]
        """;

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await ExecuteAsync(connection, sql);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    private static string Pooled(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = true }.ConnectionString;
}
