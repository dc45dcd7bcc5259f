using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>What happens inside a machine: boots, crashes and the restarts after them.</summary>
public sealed partial class World
{
    private const int DefaultMaxRetries = 10;
    private readonly RunningSet _running = new();

    /// <summary>Schedules a boot with the secrets of a version; the machine hangs where it is when its image says so.</summary>
    private void BootLater(SimMachine machine, long secretsVersion)
    {
        if (machine.Current.Image.Image.Behaviour is ImageBehaviour.Hang or ImageBehaviour.Rollback)
        {
            return;
        }

        After(machine, Settings.BootMs, () => Boot(machine, Environment(machine, secretsVersion), secretsVersion));
    }

    private void Boot(SimMachine machine, IReadOnlyDictionary<string, string> env, long secretsVersion)
    {
        var outcome = MachineProgram.Start(env, machine.Current.Image.Image.Behaviour);
        machine.Boot = new BootRecord(Now, env, secretsVersion, outcome);
        SetState(machine, States.Started);
        AddEvent(machine, "start", "started", "flyd");
        SetAlive(machine, true);
        if (!outcome.Runs)
        {
            After(machine, Settings.CrashAfterMs, () => Crash(machine));
        }
    }

    private void Crash(SimMachine machine)
    {
        SetAlive(machine, false);
        var tries = machine.RestartCount;
        var restarting = tries < MaxRestarts(machine);
        AddEvent(machine, "exit", restarting ? "restarting" : "stopped", "flyd", ExitRequest(1, requestedStop: false, restarting, tries));
        if (restarting)
        {
            machine.RestartCount++;
            SetState(machine, States.Starting);
            var boot = machine.Boot!;
            After(machine, Settings.CrashRestartMs, () => Boot(machine, boot.Env, boot.SecretsVersion));
        }
        else if (machine.Current.Config.AutoDestroy)
        {
            Destroyed(machine);
        }
        else
        {
            SetState(machine, RestartPolicy(machine) == "always" ? States.Failed : States.Stopped);
        }
    }

    private int MaxRestarts(SimMachine machine) => RestartPolicy(machine) switch
    {
        "no" => 0,
        "always" => Settings.AlwaysGivesUpAfter == 0 ? int.MaxValue : Settings.AlwaysGivesUpAfter,
        _ => machine.Current.Config.Node["restart"]?["max_retries"]?.GetValue<int>() ?? DefaultMaxRetries,
    };

    private static string RestartPolicy(SimMachine machine) =>
        machine.Current.Config.Node["restart"]?["policy"]?.GetValue<string>() ?? "on-failure";

    private static Dictionary<string, string> Environment(SimMachine machine, long secretsVersion)
    {
        var env = new Dictionary<string, string>(machine.Current.Config.Env, StringComparer.Ordinal)
        {
            ["FLY_APP_NAME"] = machine.App.Name,
            ["FLY_MACHINE_ID"] = machine.Id,
            ["FLY_MACHINE_VERSION"] = machine.Current.InstanceId,
            ["FLY_REGION"] = machine.Region,
            ["FLY_IMAGE_REF"] = machine.Current.Config.Image,
            ["FLY_PRIVATE_IP"] = machine.PrivateIp,
        };
        if (!machine.SkipSecrets)
        {
            foreach (var secret in machine.App.Secrets.Version(secretsVersion).Secrets.Values)
            {
                env[secret.Name] = secret.Value;
            }
        }

        return env;
    }

    private void SetAlive(SimMachine machine, bool alive)
    {
        machine.ProcessAlive = alive;
        var id = $"{machine.App.Name}/{machine.Id}";
        foreach (var key in RunningKeys(machine))
        {
            if (alive)
            {
                _running.Add(key, id, Now);
            }
            else
            {
                _running.Remove(key, id);
            }
        }
    }

    private static IEnumerable<string> RunningKeys(SimMachine machine)
    {
        yield return RunningSet.OfApp(machine.App.Name);
        if (machine.Boot?.Outcome is { RunMode: MachineProgram.UserDedicated, UserId: { } user })
        {
            yield return RunningSet.OfUser(user);
        }
    }

    private static JsonObject ExitRequest(int exitCode, bool requestedStop, bool restarting, int restartCount) => new()
    {
        ["exit_event"] = new JsonObject
        {
            ["requested_stop"] = requestedStop,
            ["restarting"] = restarting,
            ["guest_exit_code"] = exitCode,
            ["guest_signal"] = requestedStop ? 2 : -1,
            ["exit_code"] = exitCode,
            ["signal"] = -1,
            ["oom_killed"] = false,
        },
        ["restart_count"] = restartCount,
    };
}
