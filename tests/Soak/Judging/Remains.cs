using System.Text.Json;
using Soak.Stage;

namespace Soak.Judging;

/// <summary>What is needed to find out what went wrong, written beside the daemons' logs.</summary>
internal static class Remains
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static async Task KeepAsync(Arena arena)
    {
        var calls = (await arena.Fly.CallsAsync())
            .Select(c => $"{c.Seq} {c.Time:HH:mm:ss.fff} {c.Operation} {c.App} {c.Machine} {c.Query} {c.Status} {c.Fault} {c.Error}");
        await File.WriteAllLinesAsync(Path.Combine(arena.Folder, "calls.txt"), calls);
        await File.WriteAllTextAsync(
            Path.Combine(arena.Folder, "fly.json"), JsonSerializer.Serialize(arena.Server.World.Snapshot(), Indented));
        foreach (var table in (string[])["public.user_fly_apps", "public.user_fly_app_events", "fly_reconciler.ownership",
                     "fly_reconciler.intents", "fly_reconciler.events", "soak.statuses", "soak.events", "public.user_subscriptions"])
        {
            await File.WriteAllLinesAsync(
                Path.Combine(arena.Folder, table + ".txt"), await arena.Database.ListAsync<string>($"select to_jsonb(t)::text from {table} t"));
        }
    }
}
