using System.Globalization;
using FlySim.Model;

namespace Simulation.Fleets;

/// <summary>Converges one fleet, then feeds it one wrong input after the other and each time puts it right again.</summary>
internal sealed class FleetRun(int users, Action<VariantResult> tell)
{
    private const double MostCallsWhileHeld = 0.2;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WrongFor = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Midpoint = TimeSpan.FromMinutes(7);
    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RecoverWithin = TimeSpan.FromMinutes(30);

    private static readonly Configuration Configuration = new()
    {
        ShortDeadlines = false,
        Probe = false,
        Workers = 256,
        Grace = TimeSpan.FromMinutes(1),
        InformerInterval = TimeSpan.FromSeconds(30),
        ResyncSchedule = "*/5 * * * *",
        AuditSchedule = "0 */12 * * *",
    };

    private readonly SteeredFaults _faults = new();

    /// <returns>What went wrong outside any variant; empty when nothing did.</returns>
    public IReadOnlyList<string> Run(IReadOnlyList<Variant> variants, bool leaseOff)
    {
        using var world = new SimWorld(new WorldOptions
        {
            Seed = 1,
            Faults = _faults,
            Nodes = leaseOff ? 2 : 1,
            LeaseOff = leaseOff,
            Configuration = Configuration,
            Fly = FlyTimes.Usual with { MaxPageSize = Math.Clamp(users / 6, 10, 1000) },
        });
        var problems = new List<string>();
        try
        {
            Director.RunAsync(world.Scheduler, LifeAsync, long.MaxValue).GetAwaiter().GetResult();
        }
        catch (StuckException stuck)
        {
            problems.Add(stuck.Message);
        }

        return [.. problems, .. world.Violations];

        async Task LifeAsync()
        {
            var fleet = new Fleet(new Stage(world) { Configuration = Configuration }, _faults, users);
            world.Nodes[0].Start();
            if (await RecoversAsync(fleet) is null)
            {
                problems.Add($"the fleet did not converge to begin with: {fleet.Differences()[0]}");
                return;
            }

            world.Nodes.ForEach(n => n.Start());
            foreach (var variant in variants)
            {
                var result = await PlayAsync(fleet, variant);
                tell(result);
                if (result.Recovered is null || world.Violations.Count > 0)
                {
                    problems.Add($"stopped after '{variant.Name}'");
                    break;
                }
            }
        }
    }

    private async Task<VariantResult> PlayAsync(Fleet fleet, Variant variant)
    {
        var world = fleet.World;
        var before = world.Fly.Fleet();
        var (mutations, calls) = (world.Watch.Mutations, world.Watch.Calls);
        variant.Input.Break(fleet);
        var alarm = await WatchAsync(fleet, variant.Midway);
        var then = world.Fly.Fleet();
        var destroyed = before.Count(b => then.GetValueOrDefault(b.Key)?.Id != b.Value.Id);
        var stopped = then.Count(t => before[t.Key].Id == t.Value.Id && t.Value.State != States.Started);
        var held = fleet.HeldRows();
        var perUser = (world.Watch.Calls - calls) / (users * WrongFor.TotalMinutes);
        fleet.PutRight();
        var recovered = await RecoversAsync(fleet);
        var after = world.Fly.Fleet();
        var anew = before.Count(b => after.GetValueOrDefault(b.Key) is not { } now || now.Id != b.Value.Id || now.Version != b.Value.Version);
        var result = new VariantResult(
            variant, alarm, held, perUser, world.Watch.Mutations - mutations, destroyed, stopped, recovered, anew, []);
        return result with { Problems = [.. Problems(fleet, result)] };
    }

    /// <returns>When the hold was first to be read; null = never.</returns>
    private static async Task<TimeSpan?> WatchAsync(Fleet fleet, Midway midway)
    {
        TimeSpan? alarm = null;
        for (var passed = TimeSpan.Zero; passed < WrongFor;)
        {
            await fleet.World.Scheduler.DelayAsync(Look);
            passed += Look;
            alarm ??= fleet.Database.Hold is null ? null : passed;
            if (passed == Midpoint)
            {
                await DisturbAsync(fleet.World, midway);
            }
        }

        return alarm;
    }

    private static async Task DisturbAsync(SimWorld world, Midway midway)
    {
        foreach (var node in world.Nodes)
        {
            switch (midway)
            {
                case Midway.Crash:
                    node.Crash(); // its supervisor starts it again
                    break;
                case Midway.Restart:
                    await node.StopAsync();
                    node.Start();
                    break;
            }
        }
    }

    private static async Task<TimeSpan?> RecoversAsync(Fleet fleet)
    {
        var begun = fleet.World.Scheduler.Elapsed;
        while (fleet.Differences().Count > 0)
        {
            var passed = fleet.World.Scheduler.Elapsed - begun;
            if (passed > (begun == TimeSpan.Zero ? RecoverWithin * 6 : RecoverWithin) || fleet.World.Violations.Count > 0)
            {
                return null;
            }

            await fleet.World.Scheduler.DelayAsync(Look);
        }

        return fleet.World.Scheduler.Elapsed - begun;
    }

    private IEnumerable<string> Problems(Fleet fleet, VariantResult result)
    {
        var input = result.Variant.Input;
        var leaving = fleet.Share(input.Leaving).Count();
        var limit = leaving > 0 ? fleet.World.DestroyLimit : 0;
        if (result.Destroyed > limit)
        {
            yield return $"{result.Destroyed} destroyed, {limit} allowed";
        }

        if (result.Stopped > leaving)
        {
            yield return $"{result.Stopped} stopped, {leaving} allowed";
        }

        if (leaving == 0 && (result.Mutations > 0 || result.MadeAnew > 0))
        {
            yield return $"{result.Mutations} calls changed something, {result.MadeAnew} machines are others now";
        }

        if (input.Holds && !(result.Alarm <= Resync + Look))
        {
            yield return $"no alarm within a resync ({result.Alarm?.ToString() ?? "never"})";
        }

        if (input.Holds && result.Held == 0)
        {
            yield return "no row says that it is held";
        }

        if (input.Holds && !input.Name.Contains("forced", StringComparison.Ordinal) && result.CallsPerUserMinute > MostCallsWhileHeld)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{result.CallsPerUserMinute:0.00} calls for each user and minute while nothing may be done");
        }

        if (result.Recovered is null)
        {
            yield return $"not as wished {RecoverWithin} after the input was right again: {fleet.Differences().DefaultIfEmpty("a rule was broken").First()}";
        }
    }
}
