using System.Text.Json;
using System.Text.Json.Nodes;

namespace Demo.View;

/// <summary>A line of the daemon's JSON log, as a person reads it.</summary>
internal static class LogLine
{
    public static string Shorten(string line)
    {
        try
        {
            return JsonNode.Parse(line) is JsonObject entry && entry["Message"] is { } message
                ? $"{entry["Timestamp"]} {entry["LogLevel"]} {message}{(entry["Exception"] is { } exception ? $" {exception}" : "")}"
                : line;
        }
        catch (JsonException)
        {
            return line; // what a runtime prints when it dies is no JSON
        }
    }
}
