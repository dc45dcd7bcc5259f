using System.Globalization;

namespace Simulation.Stories;

/// <summary>
/// Plays one world from its beginning to its end: the trouble, then calm; it must come to what is wished within a bound, then be
/// silent, and its processes must end when asked to.
/// </summary>
internal static class Runner
{
    private const long MostEvents = 4_000_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    /// <param name="options">The world.</param>
    /// <param name="play">What happens in it.</param>
    /// <param name="within">Virtual time from the end of the trouble to when all must be as wished.</param>
    public static RunOutcome Run(WorldOptions options, Func<Stage, Task> play, TimeSpan within)
    {
        using var world = new SimWorld(options);
        var stage = new Stage(world) { Configuration = options.Configuration };
        TimeSpan? converged = null;
        var problems = new List<string>();
        try
        {
            Director.RunAsync(world.Scheduler, LifeAsync, MostEvents).GetAwaiter().GetResult();
        }
        catch (StuckException stuck)
        {
            problems.Add($"liveness: {stuck.Message}");
        }
        catch (Exception problem) when (world.Violations.Count == 0)
        {
            problems.Add($"harness: {problem}");
        }

        problems.InsertRange(0, world.Violations);
        if (problems.Count == 0)
        {
            world.Coverage.Survived();
        }

        return new RunOutcome(
            problems, world.Trace.Hash, world.Scheduler.Elapsed, converged, world.Coverage, world.Disturbances.Happened, world.Trace.Lines);

        async Task LifeAsync()
        {
            world.Coverage.Injected(Faults.FaultClass.SecretCanary);
            world.Nodes.ForEach(n => n.Start());
            await play(stage);
            await CalmAsync(world, stage);
            var calm = world.Scheduler.Elapsed;
            if (!await stage.ConvergesAsync(within))
            {
                problems.AddRange(world.Violations.Count > 0 ? [] : world.Oracle.Differences().Select(d => $"not converged after {within}: {d}"));
                return;
            }

            converged = world.Scheduler.Elapsed - calm;
            await FallSilentAsync(world, options.Silence, within, problems);
            await EndAsync(world, problems);
        }
    }

    /// <summary>Nobody breaks anything any more, and what was broken from outside is put right.</summary>
    private static async Task CalmAsync(SimWorld world, Stage stage)
    {
        world.Trace.Add("world", "calm");
        world.Faults.Stop();
        await world.BackgroundEndsAsync();
        await stage.PassAsync(world.Database.UntilLastExpiry().TotalSeconds);
        world.DatabaseDown = false;
        world.Database.Calm();
        world.Fly.Calm(stage.Configuration);
        foreach (var node in world.Nodes)
        {
            node.Start();
        }

        // Two that act at once are promised never to do harm, not to agree.
        foreach (var second in world.Nodes.Skip(world.LeaseOff ? 1 : world.Nodes.Count))
        {
            await second.StopAsync();
        }

        await stage.PassAsync(Math.Max(30, world.UntilLastLanding.TotalSeconds));
        world.Background(OperateAsync(world, stage));
    }

    /// <summary>A spec that was rejected while things went wrong is tried again on an operator's word only, and a hold ends on it.</summary>
    private static async Task OperateAsync(SimWorld world, Stage stage)
    {
        while (world.Violations.Count == 0)
        {
            var rejected = world.Database.Users().Where(u => u.ErrorMessage?.Contains("was rejected", StringComparison.Ordinal) == true).ToList();
            if (rejected.Count > 0)
            {
                stage.Force([.. rejected.Select(u => u.UserId)]);
            }

            world.Database.SeeToRollout();
            world.Database.ReleaseHold(); // those who have left by now have left

            await stage.PassAsync(600);
        }
    }

    /// <summary>
    /// A system in which all is as wished writes nothing, neither to Fly nor to a row, pass after pass. A crash may come as late as
    /// this: then somebody has to lead again first. So may a rollout, which an operator's pause of before can hold up without a write.
    /// </summary>
    private static async Task FallSilentAsync(SimWorld world, TimeSpan silence, TimeSpan within, List<string> problems)
    {
        var end = world.Scheduler.Ticks + within.Ticks;
        var last = Writes(world);
        var since = world.Scheduler.Ticks;
        while (world.Violations.Count == 0 && world.Scheduler.Ticks - since < silence.Ticks)
        {
            await world.Scheduler.DelayAsync(Look);
            var writes = Writes(world);
            if (writes != last || !world.Nodes.Any(n => n.Leads) || world.Oracle.AGiftIsToGo() || world.Database.RolloutTrouble() is not null)
            {
                (last, since) = (writes, world.Scheduler.Ticks);
            }

            if (world.Scheduler.Ticks > end)
            {
                problems.Add(string.Create(
                    CultureInfo.InvariantCulture, $"quiet: still writing or rolling out, or nobody leads, {within} after it converged; last write {world.Database.LastWrite}"));
                return;
            }
        }

        problems.AddRange(world.Oracle.Differences().Select(d => $"not stable: {d}"));
        world.Database.CheckTexts();
    }

    private static (long Fly, long Rows) Writes(SimWorld world) => (world.Watch.Mutations, world.Database.RowWrites);

    private static async Task EndAsync(SimWorld world, List<string> problems)
    {
        foreach (var node in world.Nodes)
        {
            var begun = world.Scheduler.Elapsed;
            await node.StopAsync();
            if (world.Scheduler.Elapsed - begun > TimeSpan.FromSeconds(60))
            {
                problems.Add($"liveness: {node.Name} took {world.Scheduler.Elapsed - begun} to end");
            }
        }

        problems.AddRange(world.Database.HeldLeases(world.Died).Select(l => $"the lease {l} is left behind"));
    }
}
