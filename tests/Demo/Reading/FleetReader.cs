using System.Net.Http.Json;
using System.Text.Json;
using Demo.Stage;
using FlySim.Admin;
using Npgsql;

namespace Demo.Reading;

/// <summary>Looks at the fleet from the outside: the host's table, the simulator's state, the machines' own answers.</summary>
internal sealed class FleetReader(Theatre theatre) : IDisposable
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly HttpClient _http = new() { BaseAddress = theatre.Fly.BaseAddress, Timeout = TimeSpan.FromSeconds(5) };

    public Task<SimState> FlyAsync(CancellationToken cancellationToken) => theatre.Fly.Client.StateAsync(cancellationToken);

    public async Task<IReadOnlyDictionary<Guid, Sighting>> EveryoneAsync(CancellationToken cancellationToken)
    {
        var rows = await RowsAsync(cancellationToken);
        var fly = await FlyAsync(cancellationToken);
        return Cast.Everyone.ToDictionary(
            p => p.Id, p => rows.TryGetValue(p.Id, out var row) ? new Sighting(row, fly.App(row.App), null) : Sighting.Nothing);
    }

    /// <summary>One user in full, the machine asked as well.</summary>
    public async Task<Sighting> OneAsync(Person person, CancellationToken cancellationToken)
    {
        var seen = (await EveryoneAsync(cancellationToken))[person.Id];
        return seen.Machine is { State: "started" } machine
            ? seen with { Health = await AskAsync(seen.App!.Name, machine.Id, cancellationToken) }
            : seen;
    }

    /// <summary>The kinds of events that tell of a user, in order.</summary>
    public Task<List<string>> EventsAsync(Person person) => theatre.Database.ListAsync<string>(
        "select event_type from public.user_fly_app_events where user_id = $1 order by created_at, id", person.Id);

    public void Dispose() => _http.Dispose();

    private async Task<MachineHealth?> AskAsync(string app, string machine, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync($"_vm/{app}/{machine}/health", cancellationToken);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<MachineHealth>(Snake, cancellationToken)
            : null;
    }

    private async Task<Dictionary<Guid, AppRow>> RowsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await theatre.Database.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            select user_id, id, tier, fly_app_name, status, coalesce(health_status, 'unknown'), region, docker_image, cpu_count, memory_mb,
                   machine_id, error_message, deployed_at, deleted_at, next_attempt_at, generation = observed_generation, conditions::text
              from public.user_fly_apps
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<Guid, AppRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows[reader.GetGuid(0)] = new AppRow
            {
                Id = reader.GetGuid(1),
                Tier = reader.GetString(2),
                App = reader.GetString(3),
                Status = reader.GetString(4),
                Health = reader.GetString(5),
                Region = reader.GetString(6),
                Image = reader.GetString(7),
                Cpus = reader.GetInt32(8),
                MemoryMb = reader.GetInt32(9),
                MachineId = reader.IsDBNull(10) ? null : reader.GetString(10),
                Error = reader.IsDBNull(11) ? null : reader.GetString(11),
                DeployedAt = Time(reader, 12),
                DeletedAt = Time(reader, 13),
                NextAttemptAt = Time(reader, 14),
                Observed = reader.GetBoolean(15),
                Conditions = AppRow.ReadConditions(reader.GetString(16)),
            };
        }

        return rows;
    }

    private static DateTime? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
}
