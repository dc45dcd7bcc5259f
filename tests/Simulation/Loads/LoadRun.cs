using System.Text.Json;

namespace Simulation.Loads;

/// <summary>Users who want something at once, beside others who keep the controller busy, and how long each of them waits.</summary>
internal static class LoadRun
{
    private const int TakenNames = 64;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Good users who sign up at once while so many others can never be helped.</summary>
    public static LoadResult Poison(int poison, int good, int workers, IReadOnlyList<Poison> kinds) => Play(
        new Configuration { ShortDeadlines = false, Workers = workers, AuditSchedule = "*/5 * * * *", ResyncSchedule = "*/10 * * * *" },
        async (stage, faults, waits) =>
        {
            for (var n = 0; n < poison; n++)
            {
                kinds[n % kinds.Count](stage, faults);
            }

            await stage.PassAsync(60);
            await ServedAsync(stage, [.. Enumerable.Range(0, good).Select(_ => stage.User("pro"))], waits);
            await stage.PassAsync(300); // the bound on calls holds while they go on failing
        });

    /// <summary>Users who change something and users who sign up, in an idle fleet or while a new image is rolled out to all of it and an
    /// audit looks at all of it, or while what they do is not told by the database but only stands in it.</summary>
    public static LoadResult Rollout(int fleet, int asking, int workers, bool busy = false, bool mute = false) => Play(
        new Configuration { ShortDeadlines = false, Workers = workers, AuditSchedule = "*/1 * * * *", ResyncSchedule = "*/10 * * * *" },
        async (stage, _, waits) =>
        {
            var users = Enumerable.Range(0, fleet).Select(_ => stage.User("pro")).ToList();
            await ServedAsync(stage, users, []);
            await stage.PassAsync(90);
            if (mute)
            {
                stage.World.Database.LoseEveryNotification();
            }

            var before = stage.World.Watch.Mutations;
            if (busy)
            {
                stage.World.Fly.MoveTag(Names.Image, FlySim.Admin.ImageBehaviour.Healthy);
                while (stage.World.Watch.Mutations < before + fleet / 10)
                {
                    await stage.World.Scheduler.DelayAsync(Look);
                }
            }

            var asked = users.TakeLast(asking).ToList();
            asked.ForEach(u => stage.Override(u, """{"env":{"LOG_LEVEL":"debug"}}"""));
            asked.AddRange(Enumerable.Range(0, asking).Select(_ => stage.User("pro")));
            await ServedAsync(stage, asked, waits);
            if (busy && stage.World.Watch.Mutations - before >= fleet)
            {
                stage.World.Violate("load", "the rollout was over before the last was served, so nothing was measured");
            }
        });

    private static LoadResult Play(Configuration configuration, Func<Stage, SteeredFaults, List<TimeSpan>, Task> play)
    {
        var faults = new SteeredFaults();
        using var world = new SimWorld(new WorldOptions { Seed = 1, Faults = faults, Configuration = configuration });
        var stage = new Stage(world) { Configuration = configuration };
        var waits = new List<TimeSpan>();
        try
        {
            Director.RunAsync(
                world.Scheduler,
                () =>
                {
                    world.Nodes[0].Start();
                    return play(stage, faults, waits);
                },
                long.MaxValue).GetAwaiter().GetResult();
        }
        catch (StuckException stuck)
        {
            world.Violate("liveness", stuck.Message);
        }

        waits.Sort();
        return new LoadResult(waits, Unserved(world), world.Violations);
    }

    /// <summary>Notes for each how long it took; whoever is not served within the patience is noted with all of it.</summary>
    private static async Task ServedAsync(Stage stage, IReadOnlyList<Guid> users, List<TimeSpan> waits)
    {
        var (begun, open) = (stage.World.Scheduler.Elapsed, users.ToHashSet());
        while (open.Count > 0)
        {
            await stage.World.Scheduler.DelayAsync(Look);
            stage.World.Fly.CatchUp();
            var passed = stage.World.Scheduler.Elapsed - begun;
            foreach (var row in stage.World.Database.Rows.Where(r => open.Contains(r.UserId) && (IsServed(r) || passed > Patience)).ToList())
            {
                open.Remove(row.UserId);
                waits.Add(passed);
            }
        }
    }

    private static bool IsServed(StoreModel.AppRow row) => row.ObservedGeneration == row.Generation && row.Status == "active" && IsReady(row.Conditions);

    private static bool IsReady(string conditions)
    {
        using var parsed = JsonDocument.Parse(conditions);
        return parsed.RootElement.EnumerateArray().Any(c => c.GetProperty("type").GetString() == "Ready" && c.GetProperty("status").GetString() == "True");
    }

    private static int Unserved(SimWorld world) => world.Database.Rows.Count(r => !IsServed(r));

    /// <summary>The kinds of users nobody can help. One that hangs costs a worker the most: Fly takes every call about the app and never answers.</summary>
    public static IReadOnlyDictionary<string, Poison> Hopeless { get; } = new Dictionary<string, Poison>(StringComparer.Ordinal)
    {
        ["whose override is invalid"] = (stage, _) => stage.Override(stage.User("pro"), """{"guest":{"cpus":1e400}}""", isValid: false),
        ["whose every name is taken"] = (stage, _) =>
        {
            var user = stage.User();
            for (var n = 0; n < TakenNames; n++)
            {
                stage.World.Fly.Squat(DatabaseModel.FirstNameOf(user, n));
            }

            stage.Tier(user, "pro");
        },
        ["whose app answers 500"] = (stage, faults) => Always(faults, stage.AppOf(stage.User("pro")), "error-500"),
        ["whose image never resolves"] = (stage, _) => stage.Override(stage.User("pro"), """{"image":"registry.fly.io/vyx-app:never-pushed"}"""),
        ["whose app never answers"] = (stage, faults) => Always(faults, stage.AppOf(stage.User("pro")), "hang"),
    };

    private static void Always(SteeredFaults faults, string app, string fault)
    {
        var others = faults.Fly;
        faults.Fly = site => site.App == app ? fault : others?.Invoke(site);
    }
}

/// <summary>Makes one user whom nobody can help.</summary>
internal delegate void Poison(Stage stage, SteeredFaults faults);

/// <param name="Waits">Of those who were measured, in order.</param>
/// <param name="Unserved">Users that are not as wished at the end; under load or beyond help.</param>
/// <param name="Violations">Rules that were broken.</param>
internal sealed record LoadResult(IReadOnlyList<TimeSpan> Waits, int Unserved, IReadOnlyList<string> Violations)
{
    public TimeSpan Median => Waits[Waits.Count / 2];

    public TimeSpan Longest => Waits[^1];
}
