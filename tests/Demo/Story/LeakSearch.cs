using System.Text.Json;
using Demo.Reading;

namespace Demo.Story;

/// <summary>Collects everything that the product has written down or shown, to search it for secrets.</summary>
internal static class LeakSearch
{
    public static async Task<IReadOnlyList<Place>> PlacesAsync(Scene scene, CancellationToken cancellationToken)
    {
        var theatre = scene.Theatre;
        using var http = new HttpClient { BaseAddress = theatre.DaemonAddress };
        var places = new List<Place>
        {
            new("the daemon's log", await DaemonLog.ReadAsync(theatre.LogFile, cancellationToken)),
            new("the result file", await File.ReadAllTextAsync(theatre.SignalFile + ".result", cancellationToken)),
            new("/metrics", await http.GetStringAsync("metrics", cancellationToken)),
            // Secrets are hashed there, config and metadata are not.
            new("a machine's config", JsonSerializer.Serialize(await scene.Reader.FlyAsync(cancellationToken))),
            new("an address that was called", JsonSerializer.Serialize(await scene.Fly.CallsAsync(cancellationToken: cancellationToken))),
        };
        foreach (var command in (string[])["status", "plan"])
        {
            var finished = await theatre.CommandAsync(cancellationToken, command, "--json");
            places.Add(new Place($"reconciler {command}", finished.Output + finished.Errors));
        }

        foreach (var table in await theatre.Database.ListAsync<string>(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'fly_reconciler') order by 1"))
        {
            places.Add(new Place($"table {table}", string.Join('\n', await theatre.Database.ListAsync<string>($"select t::text from {table} t"))));
        }

        return places;
    }
}

/// <param name="Name">For a failure's message.</param>
internal sealed record Place(string Name, string Text);
