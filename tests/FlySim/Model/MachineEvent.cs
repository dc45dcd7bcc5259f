using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlySim.Model;

/// <summary>Something that happened to a machine. Rendered once, because it is shown with each look at the machine.</summary>
internal sealed record MachineEvent(string Id, string Type, string Status, string Source, DateTimeOffset At, JsonObject? Request)
{
    private byte[]? _json;

    public ReadOnlySpan<byte> Json => _json ??= Render();

    private byte[] Render()
    {
        var row = new JsonObject
        {
            ["id"] = Id,
            ["type"] = Type,
            ["status"] = Status,
            ["source"] = Source,
            ["timestamp"] = At.ToUnixTimeMilliseconds(),
        };
        if (Request is not null)
        {
            row["request"] = Request;
        }

        return JsonSerializer.SerializeToUtf8Bytes(row);
    }
}
