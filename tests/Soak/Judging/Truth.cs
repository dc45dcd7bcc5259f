using Soak.Stage;

namespace Soak.Judging;

/// <summary>Compares what users should have with what Fly has and with what their rows say: three things that must agree at rest.</summary>
internal static class Truth
{
    /// <summary>Everything that is not as it should be; empty = converged, and every status is true.</summary>
    public static async Task<List<string>> ProblemsAsync(Arena arena)
    {
        var wishes = await Wish.AllAsync(arena.Database);
        var fly = arena.Server.World.Snapshot();
        var apps = fly.Apps.ToDictionary(a => a.Name, StringComparer.Ordinal);
        var problems = wishes.SelectMany(w => Of(arena, w, apps)).ToList();
        problems.AddRange(Leftovers(wishes, apps.Values));
        problems.AddRange((await arena.Database.ListAsync<string>(
            "select 'an open intent: ' || kind || ' ' || app_name from fly_reconciler.intents")).Take(5));
        var kept = wishes.Where(w => w.Entitled).Select(w => w.App).ToHashSet();
        problems.AddRange((await arena.Database.ListAsync<string>("select app_name from fly_reconciler.ownership where released_at is null"))
            .Where(app => !kept.Contains(app)).Select(app => $"{app} is still recorded as ours"));
        return problems;
    }

    private static IEnumerable<string> Leftovers(List<Wish> wishes, IEnumerable<AppState> apps)
    {
        var expected = wishes.Where(w => w.Entitled).Select(w => w.App).Concat(Neighbours.Names).ToHashSet();
        return apps.Where(a => !expected.Contains(a.Name)).Select(a => $"app {a.Name} is left over with {a.LiveMachines.Count()} machine(s)");
    }

    private static IEnumerable<string> Of(Arena arena, Wish wish, Dictionary<string, AppState> apps)
    {
        var app = wish.App is { } name ? apps.GetValueOrDefault(name) : null;
        return (wish.Entitled ? Running(arena, wish, app) : Gone(wish, app)).Select(p => $"{wish.App ?? wish.User.ToString()}: {p}");
    }

    private static IEnumerable<string> Gone(Wish wish, AppState? app)
    {
        if (wish.Row is not null && (wish.Status != "deleted" || wish.Text("deleted_at") is null || wish.Text("machine_id") is not null))
        {
            yield return $"has no tier, but its row says {wish.Status}, machine {wish.Text("machine_id") ?? "none"}";
        }

        if (app is not null)
        {
            yield return "has no tier, but an app";
        }
    }

    private static IEnumerable<string> Running(Arena arena, Wish wish, AppState? app)
    {
        if (wish.Row is null)
        {
            yield return "is entitled and has no row";
            yield break;
        }

        if (wish is not { Status: "active", IsReady: true } || wish.Text("health_status") != "healthy" || wish.Number("retry_count") != 0
            || wish.Number("generation") != wish.Number("observed_generation") || wish.Number("fingerprint") == 0)
        {
            yield return $"its row says {wish.Status}, {wish.Text("health_status")}, generation {wish.Number("generation")}/"
                + $"{wish.Number("observed_generation")}, tries {wish.Number("retry_count")}, next {wish.Text("next_attempt_at")}, {wish.Text("error_message")}";
        }

        if (app?.LiveMachines.ToList() is not [var machine])
        {
            yield return $"has {app?.LiveMachines.Count().ToString(CultureInfo.InvariantCulture) ?? "no app and no"} machine(s)";
            yield break;
        }

        foreach (var problem in Machine(arena, wish, app, machine))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> Machine(Arena arena, Wish wish, AppState app, MachineState machine)
    {
        (string What, object? Wished, object? Row, object? Fly)[] facts =
        [
            ("machine", machine.Id, wish.Text("machine_id"), machine.Id),
            ("state", "started, running, ok", "started, running, ok", $"{machine.State}, {(machine.Running ? "running" : "not running")}, {machine.HostStatus}"),
            ("region", wish.Region, wish.Text("region"), machine.Region),
            ("cpus", wish.Cpus, (int)wish.Number("cpu_count"), (int?)machine.Guest?["cpus"]),
            ("memory", wish.MemoryMb, (int)wish.Number("memory_mb"), (int?)machine.Guest?["memory_mb"]),
            ("image", wish.Image, wish.Text("docker_image"), wish.Image),
            ("digest", arena.Digests[wish.Image], arena.Digests[wish.Image], machine.Digest),
        ];
        foreach (var (what, wished, row, fly) in facts)
        {
            if (!Equals(wished, row) || !Equals(wished, fly))
            {
                yield return $"{what} should be {wished}, its row says {row}, Fly has {fly}";
            }
        }

        var secrets = arena.Canaries.OfMachine(wish.User, arena.Server.SupabaseAddress);
        foreach (var (name, value) in secrets)
        {
            var hash = FlySimClient.HashOf(value);
            if (app.SecretHashes.GetValueOrDefault(name) != hash || machine.BootEnvHashes.GetValueOrDefault(name) != hash)
            {
                yield return $"the secret {name} is not what it should be, set or booted with";
            }
        }

        if (app.SecretHashes.Keys.Except(secrets.Keys).FirstOrDefault() is { } stranger)
        {
            yield return $"there is a secret {stranger}";
        }

        foreach (var (name, value) in wish.Env)
        {
            if (machine.BootEnvHashes.GetValueOrDefault(name) != FlySimClient.HashOf(value))
            {
                yield return $"the variable {name} is not what it should be";
            }
        }
    }
}
