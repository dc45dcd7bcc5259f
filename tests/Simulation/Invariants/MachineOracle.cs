using System.Text.Json.Nodes;
using FlySim.Model;
using Reconciler.Configuration;
using Reconciler.Secrets;
using Store;

namespace Simulation.Invariants;

/// <summary>What a user's one machine and its app carry when all is as wished: who it works for, its secrets, and that its program is well.</summary>
internal static class MachineOracle
{
    private static readonly string[] PublicPorts = ["443->8080", "80->8080"];
    private static readonly string[] PublicAddresses = ["shared_v4", "v6"];

    public static IEnumerable<string> Secrets(UserApp user, SimMachine machine, Settings settings)
    {
        var wanted = SecretsOf(user, settings.MachineSecrets);
        var stored = machine.App.Secrets.Latest.Secrets;
        var booted = machine.Boot?.Env ?? new Dictionary<string, string>();
        foreach (var (name, value) in wanted)
        {
            // Compared, never shown.
            if (stored.GetValueOrDefault(name)?.Value != value)
            {
                yield return $"{user.AppName}: the app's secret {name} is not as configured";
            }

            if (booted.GetValueOrDefault(name) != value)
            {
                yield return $"{user.AppName}: {name} is not as configured in what the machine booted with";
            }
        }

        foreach (var name in machine.Current.Config.Env.Keys.Where(wanted.ContainsKey))
        {
            yield return $"{user.AppName}: the secret {name} stands in the machine's config";
        }
    }

    /// <summary>Metadata that a person took away comes back, and a program that stays ill is started anew.</summary>
    public static IEnumerable<string> Neglect(UserApp user, SimMachine machine)
    {
        var metadata = machine.Current.Config.Metadata;
        if (metadata.GetValueOrDefault("managed_by") != "fly-reconciler" || metadata.GetValueOrDefault("reconciler_user_id") != user.UserId.ToString())
        {
            yield return $"{user.AppName}: the machine's metadata does not say whose it is";
        }

        if (!(machine.HealthOverride?.Healthy ?? machine.Boot?.Outcome.Healthy ?? false))
        {
            yield return $"{user.AppName}: the machine's program is ill";
        }
    }

    /// <summary>Who is to be reached from outside has the addresses and the ports for it, and nobody else has the ports.</summary>
    public static IEnumerable<string> Reachability(UserApp user, SimMachine machine, bool isPublic)
    {
        var ports = (machine.Current.Config.Services ?? [])
            .SelectMany(s => s?["ports"] as JsonArray ?? [], (s, port) => $"{port?["port"]}->{s?["internal_port"]}").Order(StringComparer.Ordinal).ToList();
        if (!ports.SequenceEqual(isPublic ? PublicPorts : []))
        {
            yield return $"{user.AppName}: the machine is reached through [{string.Join(", ", ports)}]";
        }

        if (machine.Current.Config.Services?.Any(s => s?["autostop"]?.GetValue<bool>() == true) == true)
        {
            yield return $"{user.AppName}: Fly's proxy may stop the machine";
        }

        foreach (var type in PublicAddresses.Where(t => isPublic && machine.App.Ips.All(i => i.Type != t)))
        {
            yield return $"{user.AppName}: the app has no address of the type {type}";
        }
    }

    private static Dictionary<string, string> SecretsOf(UserApp user, MachineSecrets secrets)
    {
        var wanted = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["USER_ID"] = user.UserId.ToString(),
            ["RUN_MODE"] = "user_dedicated",
            ["SUPABASE_URL"] = secrets.SupabaseUrl,
            ["SUPABASE_SERVICE_KEY"] = secrets.ServiceRoleKey.Reveal(),
            ["SUPABASE_SERVICE_ROLE_KEY"] = secrets.ServiceRoleKey.Reveal(),
            ["GEMINI_API_KEY"] = secrets.GeminiApiKey?.Reveal(),
            ["BRAINTRUST_API_KEY"] = secrets.BraintrustApiKey?.Reveal(),
            ["BRAINTRUST_PROJECT_ID"] = secrets.BraintrustProjectId?.Reveal(),
            ["OPENROUTER_API_KEY"] = secrets.OpenRouterApiKey?.Reveal(),
        };
        return wanted.Where(w => w.Value is not null).ToDictionary(w => w.Key, w => w.Value!, StringComparer.Ordinal);
    }
}
