using Npgsql;

namespace Probe;

/// <summary>The least that a look at a user's row can cost: three of its columns by its index, prepared, on one connection.</summary>
internal sealed class FloorLooks(NpgsqlConnection connection, IReadOnlyList<Guid> users) : IRound
{
    public static async Task<FloorLooks> OpenAsync(string database, int looks)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select user_id from public.user_fly_apps order by fly_app_name limit $1", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = looks });
        await using var reader = await command.ExecuteReaderAsync();
        var users = new List<Guid>();
        while (await reader.ReadAsync())
        {
            users.Add(reader.GetGuid(0));
        }

        return new FloorLooks(connection, users);
    }

    public async Task<long> RunAsync()
    {
        await using var command = new NpgsqlCommand(
            "select fly_app_name, status, region from public.user_fly_apps where user_id = $1", connection);
        var user = new NpgsqlParameter<Guid>();
        command.Parameters.Add(user);
        await command.PrepareAsync();
        var found = 0;
        foreach (var id in users)
        {
            user.TypedValue = id;
            await using var reader = await command.ExecuteReaderAsync();
            found += await reader.ReadAsync() && reader.GetString(0).Length > 0 ? 1 : 0;
        }

        return found;
    }
}
