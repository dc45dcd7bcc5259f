using System.Text.Json;
using Store;

namespace Reconciler.WebConsole.Pages;

/// <summary>Reads what an event's metadata says; anybody may have written it.</summary>
internal static class EventText
{
    public static string Message(StoredEvent line) => Field(line, "message") is { Length: > 0 } message ? message : line.Error ?? "";

    /// <summary>Empty when the metadata has no such text.</summary>
    public static string Field(StoredEvent line, string name)
    {
        try
        {
            using var json = JsonDocument.Parse(line.Metadata);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                    ? value.GetString() ?? ""
                    : "";
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
