using System.Text.Json;

namespace EndToEnd.Tests.Harness;

/// <summary>The promises that hold in every test, whatever it did.</summary>
internal static class Invariants
{
    public static async Task CheckAsync(World world)
    {
        var state = await world.Fly.StateAsync();
        if (!world.PlantedOverlap)
        {
            Assert.True(state.Overlaps.Count == 0, $"two machines ran at once: {JsonSerializer.Serialize(state.Overlaps)}");
            Assert.All(state.MaxRunningByUser, user => Assert.True(user.Value <= 1, $"user {user.Key} had {user.Value} machines running"));
        }

        Neighbours.CheckUntouched(state, await world.Fly.CallsAsync());
        await CheckMetricsAsync(world);
        foreach (var program in world.Programs)
        {
            AssertSilent(world, program.Text, "the output of a process");
        }

        await CheckDatabaseAsync(world);
    }

    private static async Task CheckMetricsAsync(World world)
    {
        using var http = new HttpClient();
        foreach (var program in world.Programs.Where(p => !p.HasExited && p.Address is not null))
        {
            AssertSilent(world, await http.GetStringAsync(new Uri(program.Address!, "metrics")), "/metrics");
        }
    }

    /// <summary>Every column of every table that can hold text.</summary>
    private static async Task CheckDatabaseAsync(World world)
    {
        var columns = await world.Database.ListAsync<string>("""
            select format('select %L || left(%I::text, 2000) from %I.%I where %I::text like any ($1)',
                          table_schema || '.' || table_name || '.' || column_name || ': ', column_name, table_schema, table_name, column_name)
              from information_schema.columns join information_schema.tables using (table_schema, table_name)
             where table_schema in ('public', 'fly_reconciler') and table_type = 'BASE TABLE'
               and data_type in ('text', 'jsonb', 'json', 'character varying')
            """);
        var isMigrated = await world.Database.ScalarAsync<bool>("select to_regnamespace('fly_reconciler') is not null");
        Assert.True(columns.Count > (isMigrated ? 20 : 5), $"{columns.Count} columns can hold text");
        string[] patterns = [.. world.SecretValues.Select(v => $"%{v}%")];
        foreach (var query in columns)
        {
            Assert.Empty(await world.Database.ListAsync<string>(query, (object)patterns));
        }
    }

    private static void AssertSilent(World world, string text, string where)
    {
        foreach (var value in world.SecretValues)
        {
            Assert.False(text.Contains(value, StringComparison.Ordinal), $"{where} shows the secret {value[..8]}…");
        }
    }
}
