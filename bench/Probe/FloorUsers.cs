using Npgsql;

namespace Probe;

/// <summary>The least that a look at every user can cost: two integers each from a prepared table, into a list.</summary>
internal sealed class FloorUsers(NpgsqlDataSource database) : IRound, IDisposable
{
    public static FloorUsers Open(string database) => new(new NpgsqlSlimDataSourceBuilder(database).Build());

    public async Task<long> RunAsync() => (await ReadAsync()).Count;

    public async Task<List<(long App, long Seen)>> ReadAsync()
    {
        await using var command = database.CreateCommand("select app, seen from bench.floor");
        await using var reader = await command.ExecuteReaderAsync();
        var users = new List<(long App, long Seen)>();
        while (await reader.ReadAsync())
        {
            users.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return users;
    }

    public void Dispose() => database.Dispose();
}
