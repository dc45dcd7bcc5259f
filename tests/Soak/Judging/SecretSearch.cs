using System.Text.Json;
using Soak.Stage;

namespace Soak.Judging;

/// <summary>Looks for the canaries wherever the product writes or shows anything.</summary>
internal static class SecretSearch
{
    public static async Task<Claim> ClaimAsync(Arena arena)
    {
        var problems = new List<string>();
        long searched = 0;
        await foreach (var (name, text) in PlacesAsync(arena))
        {
            searched += text.Length;
            problems.AddRange(arena.Canaries.All
                .Where(value => text.Contains(value, StringComparison.Ordinal) || text.Contains(Uri.EscapeDataString(value), StringComparison.Ordinal))
                .Select(value => $"{name} holds the value that begins with {value[..8]}"));
        }

        return Claim.Unless(
            problems, "No secret in logs, metrics, database, addresses or configs", $"{arena.Canaries.All.Count} values, {searched / 1024} kB searched");
    }

    private static async IAsyncEnumerable<(string Name, string Text)> PlacesAsync(Arena arena)
    {
        foreach (var file in Directory.EnumerateFiles(arena.Folder))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream);
            yield return (Path.GetFileName(file), await reader.ReadToEndAsync());
        }

        using var http = new HttpClient();
        foreach (var daemon in arena.Daemons.Where(d => d is { HasExited: false, Address: not null }))
        {
            yield return ("/metrics", await http.GetStringAsync(new Uri(daemon.Address!, "metrics")));
        }

        yield return ("a machine's config", JsonSerializer.Serialize(arena.Server.World.Snapshot())); // secrets are hashed there, config is not
        yield return ("an address that was called", JsonSerializer.Serialize(await arena.Fly.CallsAsync()));
        foreach (var table in await arena.Database.ListAsync<string>(
                     "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'fly_reconciler') order by 1"))
        {
            yield return ($"table {table}", string.Join('\n', await arena.Database.ListAsync<string>($"select t::text from {table} t")));
        }
    }
}
