using System.Text.Json;
using FlyApi.Contracts;

namespace FlyApi.Wire;

/// <summary>Reads what an event's request says about an exit. The request's shape varies, so nothing in it is required.</summary>
internal static class EventMapper
{
    public static MachineEvent Map(WireEvent wire)
    {
        var request = wire.Request ?? default;
        var exit = Member(request, "exit_event");
        if (exit.ValueKind != JsonValueKind.Object)
        {
            exit = Member(Member(request, "MonitorEvent"), "exit_event");
        }

        return new MachineEvent(
            wire.Type,
            wire.Status,
            wire.Timestamp,
            Number(exit, "exit_code"),
            Flag(exit, "oom_killed"),
            Flag(exit, "requested_stop"),
            Flag(exit, "restarting"),
            Number(request, "restart_count") ?? 0);
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static int? Number(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Number } member && member.TryGetInt32(out var number) ? number : null;

    private static bool Flag(JsonElement parent, string name) => Member(parent, name).ValueKind == JsonValueKind.True;
}
