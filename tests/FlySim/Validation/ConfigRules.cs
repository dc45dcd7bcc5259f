using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Validation;

/// <summary>What a config must satisfy beyond its shape and its guest.</summary>
internal static class ConfigRules
{
    private static readonly string[] RestartPolicies = ["no", "always", "on-failure", "spot-price"];

    public static void Require(JsonObject config)
    {
        if (config["restart"]?["policy"]?.GetValue<string>() is { } policy && !RestartPolicies.Contains(policy))
        {
            throw Invalid($"restart policy '{policy}' must be one of {string.Join(", ", RestartPolicies)}");
        }

        foreach (var (name, check) in config["checks"] as JsonObject ?? [])
        {
            if (check?["type"]?.GetValue<string>() is not ("http" or "tcp"))
            {
                throw Invalid($"check '{name}' must have type http or tcp");
            }

            if (check["port"]?.GetValue<int>() is not (> 0 and < 65536))
            {
                throw Invalid($"check '{name}' must have a port");
            }
        }
    }

    private static RefusedException Invalid(string text) => new(400, "invalid_argument: " + text);
}
