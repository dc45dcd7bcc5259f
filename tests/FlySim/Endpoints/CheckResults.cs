using System.Globalization;
using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>
/// What the platform's checks say of a machine. Nothing until its grace period and a first check have passed after boot.
/// </summary>
internal static class CheckResults
{
    private const int ProgramPort = 8080;

    public static IEnumerable<CheckResult> Of(SimMachine machine, SimSettings settings, DateTimeOffset now)
    {
        if (machine.State != States.Started || machine.Boot is not { } boot)
        {
            yield break;
        }

        foreach (var (name, check) in Configured(machine.Current.Config))
        {
            var firstResult = boot.At + (Grace(check) * settings.GraceScale) + TimeSpan.FromMilliseconds(settings.CheckMs);
            if (firstResult <= now)
            {
                yield return Result(machine, name, check, firstResult, now);
            }
        }
    }

    /// <summary>Top-level checks under their own names, services' checks under names that the platform makes up.</summary>
    private static IEnumerable<(string Name, JsonObject Check)> Configured(ConfigDocument config)
    {
        foreach (var (name, check) in config.Checks ?? [])
        {
            if (check is JsonObject body)
            {
                yield return (name, body);
            }
        }

        var number = 0;
        foreach (var service in config.Services ?? [])
        {
            foreach (var check in (service?["checks"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var port = check["port"] ?? service!["internal_port"];
                var type = check["type"]?.GetValue<string>() ?? "tcp";
                var body = (JsonObject)check.DeepClone();
                body["port"] = port?.DeepClone();
                yield return (string.Create(CultureInfo.InvariantCulture, $"servicecheck-{number++:00}-{type}-{port}"), body);
            }
        }
    }

    private static CheckResult Result(SimMachine machine, string name, JsonObject check, DateTimeOffset first, DateTimeOffset now)
    {
        var (passing, output) = Probe(machine, check, now);
        var changed = machine.HealthOverride is { } health && health.Since > first ? health.Since : first;
        return new CheckResult(name, passing, output, changed);
    }

    private static (bool Passing, string Output) Probe(SimMachine machine, JsonObject check, DateTimeOffset now)
    {
        if (!machine.ProcessAlive || machine.Boot is not { Outcome.Runs: true } || check["port"]?.GetValue<int>() != ProgramPort)
        {
            return (false, "connect: connection refused");
        }

        if (check["type"]?.GetValue<string>() == "tcp")
        {
            return (true, "Success");
        }

        var path = check["path"]?.GetValue<string>() ?? "/";
        return path == "/health"
            ? HealthBody.Of(machine, now) is var health && health.Status == 200
                ? (true, health.Json.ToJsonString())
                : (false, $"HTTP GET {path}: 503 Service Unavailable")
            : (false, $"HTTP GET {path}: 404 Not Found");
    }

    private static TimeSpan Grace(JsonObject check) =>
        check["grace_period"] is JsonValue value && value.TryGetValue<string>(out var text) && GoDuration.TryParse(text, out var grace)
            ? grace
            : TimeSpan.Zero;
}
