using FlySim.Admin;

namespace Simulation.Stories;

/// <summary>
/// What happens in a seed's world besides the faults at each call: users and operators at work, machines and hosts, processes,
/// databases and clocks in trouble. Everything is drawn before the run begins; each event has a number by which it can be left out.
/// </summary>
/// <param name="stage">The world.</param>
/// <param name="random">Of this life.</param>
/// <param name="rare">A stream of its own for what few lives have: what was found with a seed before there was such a thing stays in it.</param>
/// <param name="disturbances">Numbers the events.</param>
internal sealed class SeedLife(Stage stage, SimRandom random, SimRandom rare, Disturbances disturbances)
{
    private const double RareChance = 0.1;

    private readonly List<Guid> _users = [];
    private readonly List<Act> _acts = [];

    /// <param name="Weight">How often it is drawn, beside the others.</param>
    /// <param name="Name">In the replay.</param>
    /// <param name="Run">Does it, for one user.</param>
    private sealed record Act(int Weight, string Name, Func<Guid, Task> Run);

    private SimWorld World => stage.World;

    /// <summary>The chaotic part; when it returns, things are still broken.</summary>
    public async Task PlayAsync(int users, int events, TimeSpan length)
    {
        _acts.AddRange([.. UserActs(), .. FlyActs(), .. ProcessActs(), .. DatabaseActs(), .. PolicyActs()]);

        // Swarm: a seed knows only some of all acts, so that each sometimes happens without the others.
        var known = _acts.Where(_ => random.Chance(0.6)).ToList();
        for (var n = 0; n < users; n++)
        {
            var user = stage.User();
            _users.Add(user);
            if (random.Chance(0.8))
            {
                stage.Tier(user, random.Pick(["pro", "elite"]));
            }
        }

        var schedule = Enumerable.Range(0, known.Count == 0 ? 0 : events)
            .Select(_ => (At: length * random.NextDouble(), Act: Draw(known), User: random.Pick(_users)))
            .Concat(rare.Chance(RareChance) ? [(At: length * rare.NextDouble(), Act: rare.Pick([.. EstateActs()]), User: rare.Pick(_users))] : [])
            .OrderBy(e => e.At)
            .ToList();
        var now = TimeSpan.Zero;
        foreach (var (at, act, user) in schedule)
        {
            await World.Scheduler.DelayAsync(at - now);
            now = at;
            if (World.Violations.Count > 0)
            {
                return;
            }

            if (disturbances.Happens(act.Name))
            {
                // Its own branch: what takes time (a deployment) must not hold up what comes next.
                World.Background(act.Run(user));
            }
        }

        await World.Scheduler.DelayAsync(length - now);
    }

    private Act Draw(List<Act> known)
    {
        var roll = random.Next(known.Sum(a => a.Weight));
        foreach (var act in known)
        {
            if ((roll -= act.Weight) < 0)
            {
                return act;
            }
        }

        return known[^1];
    }

    private IEnumerable<Act> UserActs() =>
    [
        new(6, "upgrade", Do(u => stage.Tier(u, random.Pick(["pro", "elite"])))),
        new(4, "downgrade", Do(u => stage.Tier(u, "free"))),
        new(3, "there and back", async user =>
        {
            World.Coverage.Injected(FaultClass.ThereAndBack);
            stage.Tier(user, "free");
            await stage.PassAsync(random.NextDouble() * 4);
            stage.Tier(user, "pro");
        }),
        new(2, "deleted and wanted back", async user =>
        {
            World.Coverage.Injected(FaultClass.DeleteAndUndelete);
            stage.Tier(user, "free");
            await stage.PassAsync(stage.Configuration.Grace.TotalSeconds + (random.NextDouble() * 5));
            stage.Tier(user, "pro");
        }),
        new(1, "cancelled", Do(u => stage.Status(u, "cancelled"))),
        new(1, "active again", Do(u => stage.Status(u, random.Pick(["active", "past_due"])))),
        new(1, "expires", Do(u => stage.Expires(u, TimeSpan.FromSeconds(random.Between(-10, 90))))),
        new(1, "renewed", Do(u => stage.Expires(u, null))),
        new(1, "user deleted", Do(u =>
        {
            if (_users.Count > 1)
            {
                _users.Remove(u);
                stage.Delete(u);
            }
        })),
        new(1, "new user", Do(_ => _users.Add(stage.User("pro")))),
        new(2, "override", Do(u => stage.Override(u, random.Pick(Overrides)))),
        new(1, "hostile override", Do(u =>
        {
            World.Coverage.Injected(FaultClass.HostileText);
            stage.Override(u, random.Pick(HostileOverrides), isValid: false);
        })),
        new(1, "override removed", Do(u => stage.Override(u, null))),
        new(1, "paused for a while", async user =>
        {
            stage.Pause(user, true);
            await stage.PassAsync(random.NextDouble() * 60);
            stage.Pause(user, false);
        }),
        new(2, "forced", Do(u => stage.Force(u))),
        new(1, "everyone forced", Do(_ => stage.Force())),
    ];

    private IEnumerable<Act> FlyActs() =>
    [
        new(2, "machine stopped by hand", Hand((fly, m) => fly.Stop(m))),
        new(2, "machine destroyed by hand", Hand((fly, m) => fly.Destroy(m))),
        new(1, "guest changed by hand", Hand((fly, m) => fly.EditGuest(m, 4, 1024))),
        new(1, "environment changed by hand", Hand((fly, m) => fly.EditEnv(m, "RELEASE", "tampered"))),
        new(1, "metadata removed by hand", Hand((fly, m) => fly.DropMetadata(m))),
        new(1, "machine moved by hand", Hand((fly, m) => fly.Move(m, "sjc"))),
        new(2, "machine failed", Hand((fly, m) => fly.Fail(m))),
        new(1, "machine ill", Hand((fly, m) => fly.MakeIll(m))),
        new(1, "machine stuck", Hand((fly, m) => fly.Stick(m, random.Pick(["starting", "stopping", "replacing"])))),
        new(1, "machine migrated", Hand((fly, m) => fly.Migrate(m))),
        new(2, "host away", Hand((fly, m) => fly.HostDown(m, programRunsOn: random.Chance(0.5)))),
        new(2, "hosts back", Do(_ => World.Fly.AllHostsUp())),
        new(1, "duplicate by hand", Do(u => World.Fly.Duplicate(stage.AppOf(u)))),
        new(1, "app deleted by hand", Do(u => World.Fly.RemoveApp(stage.AppOf(u)))),
        new(1, "secret tampered with", Do(u => World.Fly.TamperSecret(stage.AppOf(u), random.Pick(["GEMINI_API_KEY", "RUN_MODE"])))),
        new(1, "region full", Do(_ => World.Fly.LimitRegion(Names.Region, random.Between(0, 2)))),
        new(1, "region has room", Do(_ => World.Fly.LimitRegion(Names.Region, null))),
        new(1, "name squatted", Do(u => World.Fly.Squat(DatabaseModel.FirstNameOf(u)))),
        new(1, "token refused for a while", async _ =>
        {
            World.Coverage.Injected(FaultClass.Unauthorised);
            World.Fly.RefuseToken(true);
            await stage.PassAsync(random.NextDouble() * 40);
            World.Fly.RefuseToken(false);
        }),
        new(1, "Fly away for a while", async _ =>
        {
            World.Coverage.Injected(FaultClass.RefusedBefore);
            World.Fly.Outage(true);
            await stage.PassAsync(random.NextDouble() * 60);
            World.Fly.Outage(false);
        }),
    ];

    private IEnumerable<Act> ProcessActs() =>
    [
        new(3, "process killed", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.CrashBeforeCall);
            random.Pick(World.Nodes).Crash();
        })),
        new(2, "leader killed", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.CrashBeforeCall);
            World.Nodes.Find(n => n.Leads)?.Crash();
        })),
        new(3, "leader paused", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.PausedLeader);
            World.Nodes.Find(n => n.Leads)?.Pause(TimeSpan.FromSeconds(random.Between(5, 60)));
        })),
        new(1, "restarted", _ => stage.DeployAsync(c => c)),
        new(1, "new release", _ => stage.DeployAsync(c => c with { Release = random.Pick(["1", "2", "3"]) })),
        new(1, "wall clock jumps", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.ClockJump);
            if (random.Pick(World.Nodes).Current is { } node)
            {
                node.Clock.Jumped += TimeSpan.FromSeconds(random.Pick([-3600, -30, 30, 3600]));
            }
        })),
    ];

    private IEnumerable<Act> DatabaseActs() =>
    [
        new(2, "database away for a while", async _ =>
        {
            World.Coverage.Injected(FaultClass.DatabaseDown);
            World.DatabaseDown = true;
            await stage.PassAsync(random.NextDouble() * 30);
            World.DatabaseDown = false;
        }),
        new(1, "failover to an older state", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.Failover);
            World.Database.FailOver();
        })),
        new(1, "listeners lost", Do(_ =>
        {
            World.Coverage.Injected(FaultClass.ListenLost);
            World.Database.LoseListeners();
        })),
        new(1, "trigger off for a while", async _ =>
        {
            World.Database.TriggerIsOn = false;
            await stage.PassAsync(random.NextDouble() * 60);
            World.Database.TriggerIsOn = true;
        }),
        new(1, "everybody loses the tier by mistake", async _ =>
        {
            World.Coverage.Injected(FaultClass.EmptyDesiredSet);
            var before = World.Database.LoseAllTiers();
            await stage.PassAsync(random.NextDouble() * 240);
            World.Database.GiveBackTiers(before);
        }),
    ];

    private IEnumerable<Act> PolicyActs() =>
    [
        new(2, "new image", Do(_ => World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy))),
        new(2, "bad image", Do(_ => World.Fly.MoveTag(
            Names.Image, random.Pick([ImageBehaviour.Crash, ImageBehaviour.Unhealthy, ImageBehaviour.Rollback, ImageBehaviour.Hang, ImageBehaviour.SharedMode])))),
        new(1, "rollout paused for a while", Do(_ => World.Database.Ask("pause", TimeSpan.FromSeconds(random.Between(5, 90))))),
        new(1, "rollout ordered about", Do(_ => World.Database.Ask(random.Pick(["resume", "promote", "abort", "retry"])))),
        new(1, "image vanishes", Do(_ => World.Fly.VanishImage(Names.Image))),
        new(1, "key rotated", _ => stage.DeployAsync(c => c with
        {
            ServiceKey = c.ServiceKey == Names.ServiceKey ? Names.NextServiceKey : Names.ServiceKey,
        })),
        new(1, "key refused for a while", async _ =>
        {
            World.Fly.RefuseKey(stage.Configuration.ServiceKey);
            await stage.PassAsync(random.NextDouble() * 90);
            World.Fly.AcceptAllKeys();
        }),
    ];

    /// <summary>Apps that change their names or their owners under us.</summary>
    private IEnumerable<Act> EstateActs() =>
    [
        new(1, "row names another app", Do(u => stage.Rename(u, DatabaseModel.FirstNameOf(u, rare.Between(5, 6))))),
        new(1, "row names another app for a while", async user =>
        {
            var app = stage.AppOf(user);
            stage.Rename(user, DatabaseModel.FirstNameOf(user, rare.Between(5, 6)));
            await stage.PassAsync(rare.NextDouble() * 90);
            stage.Rename(user, app);
        }),
        new(1, "app with another organisation for a while", async user =>
        {
            if (stage.AppOf(user) is var app && World.Fly.HandOver(app, "somebody-else"))
            {
                await stage.PassAsync(rare.Chance(0.5) ? rare.Between(2, 90) : rare.Between(500, 900));
                World.Fly.HandOver(app, Names.Org);
            }
        }),
    ];

    private Func<Guid, Task> Hand(Action<FlyModel, string> act) => user =>
    {
        if (World.Fly.FindMachineOf(stage.AppOf(user)) is { } machine)
        {
            act(World.Fly, machine);
        }

        return Task.CompletedTask;
    };

    private static Func<Guid, Task> Do(Action<Guid> act) => user =>
    {
        act(user);
        return Task.CompletedTask;
    };

    private static readonly string[] Overrides =
    [
        """{"region":"nrt"}""",
        """{"guest":{"cpus":4,"memory_mb":1024}}""",
        """{"env":{"LOG_LEVEL":"debug"}}""",
        """{"region":"sin","guest":{"cpus":1,"memory_mb":256}}""",
        "{}",
    ];

    private static readonly string[] HostileOverrides =
    [
        """{"region":"'; drop table users; --"}""",
        """{"env":{"A\nB":"x"}}""",
        """{"image":"\u0000\u001b[31m"}""",
        "{\"region\":\"\ud800\"}",
        "[[[[[[[[[[[[[[[[[[[[",
        """{"env":{"SUPABASE_SERVICE_KEY":"mine"}}""",
        """{"guest":{"cpus":1e400}}""",
    ];
}
