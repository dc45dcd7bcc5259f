using System.Text.Json;

namespace Reconciler.Planning;

/// <summary>The <c>services</c> entry of a publicly reachable machine (80 and 443 to 8080), and whether a machine has it.</summary>
internal static class IngressServices
{
    // autostop off: Fly's proxy must never stop a machine that trades.
    private const string Json =
        """
        [{"protocol":"tcp","internal_port":8080,"autostop":"off","autostart":false,"min_machines_running":1,
          "ports":[{"port":80,"handlers":["http"],"force_https":true},{"port":443,"handlers":["tls","http"]}]}]
        """;

    private static readonly JsonElement Wanted = Parse(Json);

    private static readonly JsonElement None = Parse("[]");

    public static JsonElement For(bool publicIngress) => publicIngress ? Wanted : None;

    /// <summary>Compares what we own: which ports lead where, and that the proxy leaves the machine running. Fly's own additions to the
    /// entry are not drift.</summary>
    public static bool Matches(JsonElement? services, bool publicIngress)
    {
        var entries = services is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().ToList() : [];
        if (!publicIngress)
        {
            return entries.Count == 0;
        }

        return entries.Count == 1
            && entries[0].ValueKind == JsonValueKind.Object
            && entries[0].TryGetProperty("internal_port", out var internalPort)
            && internalPort.ValueKind == JsonValueKind.Number && internalPort.GetInt32() == 8080
            && entries[0].TryGetProperty("ports", out var ports)
            && ports.ValueKind == JsonValueKind.Array
            && PortNumbers(ports).Order().SequenceEqual([80, 443])
            && IsNeverStopped(entries[0]);
    }

    /// <summary>An entry that does not say is one that the proxy does not stop.</summary>
    private static bool IsNeverStopped(JsonElement entry) => !entry.TryGetProperty("autostop", out var autostop)
        || autostop.ValueKind == JsonValueKind.Null
        || (autostop.ValueKind == JsonValueKind.String && autostop.GetString() == "off");

    private static IEnumerable<int> PortNumbers(JsonElement ports)
    {
        foreach (var entry in ports.EnumerateArray())
        {
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("port", out var port)
                && port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out var number))
            {
                yield return number;
            }
        }
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
