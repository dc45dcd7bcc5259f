using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Validation;

/// <summary>What the platform makes of a config before it stores and echoes it: additions, defaults and its own spellings.</summary>
internal static class ConfigNormaliser
{
    private static readonly string[] Durations = ["interval", "timeout", "grace_period"];

    private static readonly Dictionary<string, (string Kind, int Cpus, int Memory)> Sizes = new(StringComparer.Ordinal)
    {
        ["shared-cpu-1x"] = ("shared", 1, 256),
        ["shared-cpu-2x"] = ("shared", 2, 512),
        ["shared-cpu-4x"] = ("shared", 4, 1024),
        ["shared-cpu-8x"] = ("shared", 8, 2048),
        ["performance-1x"] = ("performance", 1, 2048),
        ["performance-2x"] = ("performance", 2, 4096),
    };

    public static JsonObject Normalise(JsonObject given)
    {
        var config = WithoutNulls(given);
        config["init"] ??= new JsonObject();
        config["dns"] ??= new JsonObject();
        config["guest"] = Guest(config);
        config.Remove("size");
        config["restart"] ??= new JsonObject { ["policy"] = "on-failure", ["max_retries"] = 10 };
        foreach (var (_, check) in config["checks"] as JsonObject ?? [])
        {
            SpellDurations(check as JsonObject);
        }

        foreach (var service in config["services"] as JsonArray ?? [])
        {
            Service(service as JsonObject);
        }

        return config;
    }

    private static JsonObject Guest(JsonObject config)
    {
        var guest = (JsonObject?)config["guest"]?.DeepClone() ?? [];
        if (config["size"]?.GetValue<string>() is { Length: > 0 } size)
        {
            if (guest.Count > 0)
            {
                throw new RefusedException(400, "invalid_argument: config.size and config.guest exclude each other");
            }

            var known = Sizes.TryGetValue(size, out var preset)
                ? preset
                : throw new RefusedException(422, $"invalid_argument: unknown size '{size}'");
            return new JsonObject { ["cpu_kind"] = known.Kind, ["cpus"] = known.Cpus, ["memory_mb"] = known.Memory };
        }

        guest["cpu_kind"] ??= "shared";
        guest["cpus"] ??= 1;
        guest["memory_mb"] ??= 256;
        return guest;
    }

    private static void Service(JsonObject? service)
    {
        if (service is null)
        {
            return;
        }

        // The API answers booleans for two of the three words it takes.
        if (service["autostop"] is JsonValue autostop && autostop.TryGetValue<string>(out var word) && word is "off" or "stop")
        {
            service["autostop"] = word == "stop";
        }

        foreach (var check in service["checks"] as JsonArray ?? [])
        {
            SpellDurations(check as JsonObject);
        }
    }

    private static void SpellDurations(JsonObject? check)
    {
        foreach (var member in Durations)
        {
            if (check?[member] is not JsonValue value)
            {
                continue;
            }

            if (value.TryGetValue<string>(out var text))
            {
                check[member] = GoDuration.TryParse(text, out var duration)
                    ? GoDuration.Format(duration)
                    : throw new RefusedException(400, $"invalid_argument: time: invalid duration \"{text}\"");
            }
            else if (value.TryGetValue<long>(out var nanoseconds))
            {
                check[member] = GoDuration.Format(TimeSpan.FromTicks(nanoseconds / 100));
            }
        }
    }

    private static JsonObject WithoutNulls(JsonObject given)
    {
        var copy = (JsonObject)given.DeepClone();
        foreach (var name in copy.Where(p => p.Value is null).Select(p => p.Key).ToList())
        {
            copy.Remove(name);
        }

        return copy;
    }
}
