using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>A machine as the API shows it.</summary>
internal static class MachineJson
{
    private const int ShownEvents = 20;

    /// <param name="view">The state to show when a list lags; null shows what is true now.</param>
    public static JsonObject Full(SimMachine machine, SimSettings settings, DateTimeOffset now, ListView? view = null)
    {
        var json = Summary(machine, settings, view);
        var version = view?.Version ?? machine.Current;
        var config = version.Config.Node.DeepClone();
        if (machine.HostOk)
        {
            json["config"] = config;
        }
        else
        {
            json["config"] = null;
            json["incomplete_config"] = Incomplete((JsonObject)config);
        }

        json["image_ref"] = machine.HostOk ? ImageRef(version.Image) : new JsonObject();
        json["host_status"] = machine.HostStatus;
        json["events"] = Events(machine, ShownEvents);
        json["checks"] = new JsonArray([.. CheckResults.Of(machine, settings, now)]);
        return json;
    }

    public static JsonObject Summary(SimMachine machine, SimSettings settings, ListView? view = null) => new()
    {
        ["id"] = machine.Id,
        ["name"] = machine.Name,
        ["state"] = view?.State ?? machine.State,
        ["region"] = view?.Region ?? machine.Region,
        ["instance_id"] = (view?.Version ?? machine.Current).InstanceId,
        ["private_ip"] = machine.PrivateIp,
        ["created_at"] = Timestamps.Of(machine.CreatedAt, settings),
        ["updated_at"] = Timestamps.Of(view?.At ?? machine.UpdatedAt, settings),
    };

    public static JsonArray Events(SimMachine machine, int limit) =>
        new([.. machine.Events.Take(limit).Select(e => e.DeepClone())]);

    private static JsonObject ImageRef(ResolvedImage image) => new()
    {
        ["registry"] = image.Registry,
        ["repository"] = image.Repository,
        ["tag"] = image.Tag ?? "",
        ["digest"] = image.Image.Digest,
    };

    // What the platform can rebuild without the host: not enough to clone from.
    private static JsonObject Incomplete(JsonObject config)
    {
        foreach (var member in (ReadOnlySpan<string>)["env", "init", "dns", "files", "checks", "processes"])
        {
            config.Remove(member);
        }

        return config;
    }
}
