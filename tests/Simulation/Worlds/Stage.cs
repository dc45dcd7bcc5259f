using Reconciler.Configuration;

namespace Simulation.Worlds;

/// <summary>What users, operators and the world outside do; stories and seeds' lives are written in these words.</summary>
internal sealed class Stage(SimWorld world)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    public SimWorld World { get; } = world;

    public Task PassAsync(double seconds) => World.Scheduler.DelayAsync(TimeSpan.FromSeconds(seconds));

    /// <summary>Somebody signs up, and pays at once when told so.</summary>
    public Guid User(string tier = "free")
    {
        var user = World.Database.SignUp();
        if (tier != "free")
        {
            Tier(user, tier);
        }

        return user;
    }

    public void Tier(Guid user, string tier)
    {
        Note($"{Short(user)} now has the tier {tier}");
        World.Database.SetTier(user, tier);
    }

    public void Status(Guid user, string status)
    {
        Note($"{Short(user)}'s subscription is {status}");
        World.Database.SetStatus(user, status);
    }

    public void Expires(Guid user, TimeSpan? fromNow)
    {
        Note($"{Short(user)}'s subscription ends in {fromNow?.ToString() ?? "no time"}");
        World.Database.SetExpiry(user, fromNow);
    }

    public void Delete(Guid user)
    {
        Note($"{Short(user)} is deleted");
        World.Coverage.Injected(FaultClass.RowGone);
        World.Database.DeleteUser(user);
    }

    /// <param name="user">Whose override.</param>
    /// <param name="json">Null removes it.</param>
    /// <param name="isValid">Whether it can be fulfilled.</param>
    public void Override(Guid user, string? json, bool isValid = true)
    {
        Note($"{Short(user)}'s override is {json ?? "removed"}");
        World.Coverage.Injected(isValid ? FaultClass.PropertyChanges : FaultClass.PoisonRow);
        World.Database.SetSpec(user, json);
    }

    public void Pause(Guid user, bool paused)
    {
        Note($"{Short(user)} is {(paused ? "paused" : "unpaused")}");
        World.Database.SetPaused(user, paused);
    }

    /// <summary>Somebody writes another app's name into the user's row.</summary>
    public void Rename(Guid user, string app)
    {
        Note($"somebody writes the app {app} into the row of {Short(user)}");
        if (World.Database.Application.EditRow(user, r => r with { AppName = app }))
        {
            World.Watch.Renamed(app);
        }
    }

    public void Force(params Guid[] users)
    {
        Note("an operator forces " + (users.Length == 0 ? "everyone" : string.Join(", ", users.Select(Short))));
        foreach (var node in World.Nodes)
        {
            node.Disk.Touch(new Reconciler.Signals.SignalRequest(
                $"{node.Name}-{World.Scheduler.Ticks}", World.Scheduler.Now, users.Length == 0, [.. users.Select(u => u.ToString())]));
        }
    }

    public string AppOf(Guid user) => World.Database.AppOf(user);

    /// <summary>Restarts each node in turn with another configuration, as a deployment does.</summary>
    public async Task DeployAsync(Func<Configuration, Configuration> change)
    {
        Configuration = change(Configuration);
        Note("a new configuration is deployed");
        World.Coverage.Injected(FaultClass.TwoControllers);
        for (var n = 0; n < World.Nodes.Count; n++)
        {
            var node = World.Nodes[n];
            node.Settings = World.SettingsOf(n, Configuration);
            await node.StopAsync();
            node.Start();
            await PassAsync(1);
        }
    }

    public required Configuration Configuration { get; set; }

    /// <summary>Waits until the world is as wished.</summary>
    /// <returns>False when it is not within the time.</returns>
    public async Task<bool> ConvergesAsync(TimeSpan within)
    {
        var end = World.Scheduler.Ticks + within.Ticks;
        while (World.Violations.Count == 0)
        {
            if (World.Oracle.Differences().Count == 0)
            {
                return true;
            }

            if (World.Scheduler.Ticks >= end)
            {
                return false;
            }

            await World.Scheduler.DelayAsync(Look);
        }

        return false;
    }

    /// <summary>A story's step that must be reached before the next one makes sense; it may take its time when something went wrong.</summary>
    /// <returns>False when it is not reached.</returns>
    public Task<bool> SettleAsync() => ConvergesAsync(TimeSpan.FromMinutes(30));

    /// <summary>The world is as the story's own part finds it; from here on things go wrong.</summary>
    public async Task ReadyAsync()
    {
        await SettleAsync();
        World.Faults.Begin();
    }

    public void Note(string what) => World.Trace.Add("people", what);

    private static string Short(Guid user) => user.ToString()[..8];
}
