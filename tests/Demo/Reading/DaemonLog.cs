using System.Text.Json.Nodes;

namespace Demo.Reading;

/// <summary>The daemon's log while the daemon goes on writing it.</summary>
internal static class DaemonLog
{
    /// <summary>The event id of "The fleet's image is …".</summary>
    public const int FleetImageResolved = 500;

    public static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    /// <summary>When an event was first told of after a moment; null = not yet.</summary>
    public static async Task<DateTimeOffset?> FirstAsync(string file, int eventId, DateTimeOffset after, CancellationToken cancellationToken)
    {
        // The last line may be half written.
        foreach (var line in (await ReadAsync(file, cancellationToken)).Split('\n').SkipLast(1).Where(l => l.StartsWith('{')))
        {
            var entry = JsonNode.Parse(line)!;
            if ((int?)entry["EventId"] == eventId && (DateTimeOffset?)entry["Timestamp"] is { } at && at >= after)
            {
                return at;
            }
        }

        return null;
    }
}
