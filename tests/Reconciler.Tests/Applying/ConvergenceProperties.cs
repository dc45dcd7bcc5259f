using CsCheck;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

/// <summary>From any start, once nothing else goes wrong, the user is where he should be after a few writes and then nothing moves any more.</summary>
public sealed class ConvergenceProperties
{
    /// <summary>Looks at which Fly was written to; waiting in between costs none.</summary>
    private const int MaxRounds = 12;

    private static readonly Gen<Func<Machine, Machine>> Flaws = Gen.OneOf<Func<Machine, Machine>>(
        m => m,
        m => m,
        m => m with { Region = "sjc" },
        m => m with { Name = "brave-" + m.Id },
        m => m with { HostStatus = "unreachable", Config = null },
        m => m with { Config = m.Config! with { Metadata = null, Env = new Dictionary<string, string> { ["USER_ID"] = SnapshotBuilder.UserId.ToString() } } },
        m => m with { Config = m.Config! with { AutoDestroy = true, Restart = null, Checks = null } },
        m => m with { Checks = [new("health", "critical", null, null)] });

    private static readonly Gen<Func<SnapshotBuilder, SnapshotBuilder>> Changes = Gen.OneOf<Func<SnapshotBuilder, SnapshotBuilder>>(
        b => b,
        b => b.NewImage(),
        b => b.With((FleetPolicy p) => p with { Secrets = p.Secrets with { Digest = "secrets-2" } }),
        b => b.With((AppMemory _) => AppMemory.Empty),
        b => b.With((UserApp u) => u with { MachineId = null }),
        b => b.With((UserApp u) => u with { MachineId = "m-vanished" }),
        b => b.With((UserApp u) => u with { Tier = "elite" }),
        b => b.With((UserApp u) => u with { Spec = """{"region":"fra","env":{"A":"b"}}""" }),
        b => b.With((UserApp u) => u with { Ownership = null }),
        b => b.With((AppMemory m) => m with { MustReplace = "its host is full" }),
        b => b.With((AppMemory m) => m with { Crash = new CrashMemory(4, SnapshotBuilder.Start) }),
        b => b.With((AppMemory m) => m with { Pending = new("update", "m1", "v1", "v0", SnapshotBuilder.Spec, SnapshotBuilder.Start) }),
        b => b.With((AppMemory m) => m with { Pending = new("create", "m1", null, null, SnapshotBuilder.Spec, SnapshotBuilder.Start) }),
        b => b.With((UserApp u) => u with
        {
            Intents = [new CreateIntent("l", "machine", SnapshotBuilder.App, u.UserId, null) { CreatedAt = SnapshotBuilder.Start.UtcDateTime }],
        }),
        b => b.With((UserApp u) => u with { Tier = "free" }));

    private sealed record Spot(string Id, string State, bool Stuck, Func<Machine, Machine> Flaw);

    private sealed record Start(Spot[] Machines, Func<SnapshotBuilder, SnapshotBuilder>[] Changes, bool AppExists);

    private static readonly Gen<Spot> Spots =
        from id in Gen.OneOf("m1", "m1", "m2", "m3")
        from state in Gen.OneOf(Gen.Const(MachineStates.Started), Gen.OneOf(SnapshotGen.States))
        from stuck in Gen.OneOf(false, false, false, true)
        from flaw in Flaws
        select new Spot(id, state, stuck, flaw);

    private static readonly Gen<Start> Starts =
        from machines in Spots.Array[0, 3]
        from changes in Changes.Array[0, 4]
        from exists in Gen.OneOf(true, true, true, false)
        select new Start(machines, changes, exists);

    [Fact]
    public void From_any_start_a_user_converges_stays_quiet_and_never_has_two_machines_running() =>
        Starts.Sample(start => RunAsync(start).GetAwaiter().GetResult(), iter: 2_000, print: Shown);

    private static async Task RunAsync(Start start)
    {
        using var app = World(start);
        var (rounds, looks) = (0, 0);
        for (var quiet = 0; quiet < 3; looks++)
        {
            var (calls, rows) = (app.Fly.Writes.Count, app.Store.RowWrites);
            var result = await app.ReconcileAsync();
            var wrote = app.Fly.Writes.Count > calls;
            rounds += wrote ? 1 : 0;
            quiet = result.Outcome == ReconcileOutcome.Converged && !wrote && app.Store.RowWrites == rows ? quiet + 1 : 0;
            Assert.True(app.Fly.Violations.Count == 0, string.Join('\n', app.Fly.Violations));
            Assert.True(rounds <= MaxRounds, $"{rounds} rounds of writes: {string.Join(", ", app.Fly.Writes)}; now {result}");
            Assert.True(looks < 6_000, $"{looks} looks: {string.Join(", ", app.Fly.Writes)}; now {result}");
            app.Pass(result.After);
        }

        AssertAsWished(app);
    }

    private static string Shown(Start start)
    {
        using var app = World(start);
        return $"{app.Store.User}\napp exists: {app.Fly.AppExists}; policy: {app.Current}\n{string.Join('\n', app.Fly.Machines.Values.Select(m => (m, app.Fly.Stuck.ContainsKey(m.Id))))}";
    }

    private static SimulatedApp World(Start start)
    {
        var builder = new SnapshotBuilder().Unseen();
        foreach (var change in start.Changes)
        {
            change(builder);
        }

        var spots = start.AppExists ? start.Machines.DistinctBy(s => s.Id).ToArray() : [];
        foreach (var spot in spots)
        {
            builder.Other(spot.Id, m => spot.Flaw(m with { State = spot.State, Name = spot.Id == "m1" ? SnapshotBuilder.App + "-main" : m.Name }));
        }

        var app = new SimulatedApp(builder);
        app.Fly.AppExists = start.AppExists;
        foreach (var spot in spots.Where(s => s.Stuck && s.State != MachineStates.Destroying))
        {
            app.Fly.Stuck[spot.Id] = spot.State;
        }

        return app;
    }

    private static void AssertAsWished(SimulatedApp app)
    {
        var live = app.Fly.Machines.Values.Where(m => !MachineStates.IsTerminal(m.State)).ToList();
        if (!app.Store.User.Entitled)
        {
            Assert.Empty(live.Where(FakeFly.Runs));
            return;
        }

        var machine = Assert.Single(live);
        Assert.Equal((app.Store.User.MachineId, MachineStates.Started), (machine.Id, machine.State));
        Assert.Equal(("active", "healthy", 0), (app.Store.User.Status, app.Store.User.HealthStatus, app.Store.User.RetryCount));
        Assert.NotEqual(0, app.Store.User.Fingerprint);
        Assert.Empty(app.Store.User.Intents);
        Assert.Empty(DriftDetector.Config(SpecOf(app), machine, AppMemory.Empty));
    }

    private static MachineSpec SpecOf(SimulatedApp app) =>
        Reconciler.Observing.DesiredBuilder.Build(app.Store.User, AppMemory.Empty, app.Current, new SnapshotBuilder(), SnapshotBuilder.Start).Machine!;
}
