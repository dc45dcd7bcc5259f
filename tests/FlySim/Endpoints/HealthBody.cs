using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>What the user's program answers to GET /health.</summary>
internal static class HealthBody
{
    public static (int Status, JsonObject Json) Of(SimMachine machine, DateTimeOffset now)
    {
        var boot = machine.Boot!;
        var healthy = machine.HealthOverride?.Healthy ?? boot.Outcome.Healthy;
        var dedicated = boot.Outcome.RunMode == MachineProgram.UserDedicated;
        return (healthy ? 200 : 503, new JsonObject
        {
            ["status"] = healthy ? "healthy" : "unhealthy",
            ["timestamp"] = Timestamps.Seconds(now),
            ["version"] = machine.Current.Image.Tag ?? machine.Current.Image.Image.Digest,
            ["uptime"] = (long)(now - boot.At).TotalSeconds,
            ["run_mode"] = boot.Outcome.RunMode,
            ["user_id"] = dedicated ? boot.Outcome.UserId : null,
            ["trader_count"] = dedicated ? 1 : 0,
        });
    }
}
