using Npgsql;
using NpgsqlTypes;
using Store;

namespace Probe;

/// <summary>
/// One bare UPDATE from arrays, of the columns that the product writes: no fence, no comparison, nothing returned, arrays made
/// beforehand but for the two that change.
/// </summary>
internal sealed class FloorStatuses(NpgsqlDataSource database, IReadOnlyList<StatusWrite> statuses) : IRound
{
    private const string Sql = """
        update public.user_fly_apps a
           set status = i.status, health_status = i.health_status, region = i.region, docker_image = i.docker_image,
               cpu_count = i.cpu_count, memory_mb = i.memory_mb, retry_count = i.retry_count,
               observed_generation = i.observed_generation, conditions = i.conditions::jsonb,
               controller_state = i.controller_state::jsonb, fingerprint = i.fingerprint, updated_at = now()
          from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[], $8::int[], $9::bigint[],
                      $10::text[], $11::text[], $12::bigint[])
            as i (id, status, health_status, region, docker_image, cpu_count, memory_mb, retry_count, observed_generation,
                  conditions, controller_state, fingerprint)
         where a.id = i.id
        """;

    private readonly Guid[] _ids = [.. statuses.Select(static s => s.RowId!.Value)];
    private readonly string[] _status = [.. statuses.Select(static s => s.Status)];
    private readonly string?[] _health = [.. statuses.Select(static s => s.HealthStatus)];
    private readonly string[] _region = [.. statuses.Select(static s => s.Region)];
    private readonly string[] _image = [.. statuses.Select(static s => s.DockerImage)];
    private readonly int[] _cpus = [.. statuses.Select(static s => s.CpuCount)];
    private readonly int[] _memory = [.. statuses.Select(static s => s.MemoryMb)];
    private readonly long[] _generation = [.. statuses.Select(static s => s.ObservedGeneration)];
    private readonly string[] _conditions = [.. statuses.Select(static s => s.Conditions)];
    private readonly string[] _state = [.. statuses.Select(static s => s.ControllerState)];
    private int _round;

    public static async Task<FloorStatuses> OpenAsync(string database, int rows)
    {
        var ours = await OurStatuses.ReadAsync(database, rows);
        var builder = new NpgsqlSlimDataSourceBuilder(database);
        builder.EnableArrays();
        return new FloorStatuses(builder.Build(), ours);
    }

    public async Task<long> RunAsync()
    {
        _round++;
        await using var command = database.CreateCommand(Sql);
        Add(command, NpgsqlDbType.Uuid, _ids);
        Add(command, NpgsqlDbType.Text, _status);
        Add(command, NpgsqlDbType.Text, _health);
        Add(command, NpgsqlDbType.Text, _region);
        Add(command, NpgsqlDbType.Text, _image);
        Add(command, NpgsqlDbType.Integer, _cpus);
        Add(command, NpgsqlDbType.Integer, _memory);
        Add(command, NpgsqlDbType.Integer, [.. statuses.Select(_ => -_round)]);
        Add(command, NpgsqlDbType.Bigint, _generation);
        Add(command, NpgsqlDbType.Text, _conditions);
        Add(command, NpgsqlDbType.Text, _state);
        Add<long>(command, NpgsqlDbType.Bigint, [.. statuses.Select(s => s.Fingerprint - _round)]);
        return await command.ExecuteNonQueryAsync();
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, T[] values) =>
        command.Parameters.Add(new NpgsqlParameter<T[]> { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = values });
}
