using FlySim;

namespace Simulation.Stories;

/// <summary>From a seed to a world and a life in it.</summary>
internal static class Seeds
{
    /// <summary>A budget that was spent frees itself within the hour; what Fly rolled back by itself waits as long at most.</summary>
    public static TimeSpan ConvergeWithin { get; } = TimeSpan.FromHours(3);

    /// <param name="seed">Any number.</param>
    /// <param name="only">The disturbances that are let happen; null = all.</param>
    /// <param name="keepLines">For a reader.</param>
    public static RunOutcome Run(ulong seed, IReadOnlySet<int>? only = null, bool keepLines = false)
    {
        var random = SimRandom.Named(seed, "options");
        var disturbances = new Disturbances(only);
        var faults = new SwarmFaults(SimRandom.Named(seed, "faults"), disturbances);
        var nodes = random.Pick([1, 1, 1, 1, 2, 2, 2, 3]);
        var options = new WorldOptions
        {
            Seed = seed,
            Faults = faults,
            Disturbances = disturbances,
            Nodes = nodes,
            LeaseOff = nodes == 2 && random.Chance(0.15),
            KeepLines = keepLines,
            Fly = FlyOf(random),
            Clocks = [ClockOf(random), ClockOf(random), ClockOf(random)],
            DatabaseClockOffset = random.Chance(0.3) ? TimeSpan.FromSeconds(random.Between(-120, 120)) : TimeSpan.Zero,
            NotificationTrouble = random.Pick([0.0, 0.0, 0.1, 0.5]),
            Configuration = new Configuration
            {
                ShortDeadlines = random.Chance(0.85),
                Grace = random.Pick([TimeSpan.Zero, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(90)]),
                InformerInterval = random.Pick([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20)]),
                LeaseTtl = random.Pick([TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30)]),
                ResyncSchedule = "*/1 * * * *",
                Workers = random.Pick([1, 2, 4, 16]),
                DestroyBudget = random.Pick([3, 5, 20, 50]),
                PublicIngress = random.Chance(0.1),
                Probe = random.Chance(0.8),
            },
        };
        var users = random.Pick([1, 1, 1, 2, 2, 3, 5]);
        var events = random.Pick([0, 2, 4, 8, 12]);
        var length = TimeSpan.FromSeconds(random.Between(30, 150));
        return Runner.Run(
            options,
            async stage =>
            {
                NoteClasses(stage.World, options);
                await new SeedLife(stage, SimRandom.Named(seed, "life"), SimRandom.Named(seed, "handed over"), disturbances).PlayAsync(users, events, length);
            },
            ConvergeWithin);
    }

    private static void NoteClasses(SimWorld world, WorldOptions options)
    {
        if (options.DatabaseClockOffset != TimeSpan.Zero)
        {
            world.Coverage.Injected(FaultClass.DatabaseClock);
        }

        foreach (var clock in options.Clocks.Take(options.Nodes))
        {
            if (clock.Rate != 1)
            {
                world.Coverage.Injected(FaultClass.ClockRate);
            }

            if (clock.TimersLate > TimeSpan.Zero)
            {
                world.Coverage.Injected(FaultClass.LateTimers);
            }
        }

        if (options.LeaseOff)
        {
            world.Coverage.Injected(FaultClass.TwoControllers);
        }
    }

    private static ClockNature ClockOf(SimRandom random) => random.Chance(0.7)
        ? ClockNature.Right
        : new ClockNature(
            TimeSpan.FromSeconds(random.Between(-60, 60)),
            random.Pick([1.0, 1.0, 0.99, 1.01]),
            random.Chance(0.3) ? TimeSpan.FromSeconds(30) : TimeSpan.Zero);

    private static SimSettings FlyOf(SimRandom random) => FlyTimes.Usual with
    {
        BootMs = random.Pick([200, 1_500, 8_000]),
        UpdateMs = random.Pick([200, 1_000, 4_000]),
        DestroyMs = random.Pick([0, 500, 5_000]),
        StopMs = random.Pick([0, 400, 3_000]),
        CreatedHoldMs = random.Pick([0, 700, 4_000]),
        AppDeleteMs = random.Pick([0, 800, 10_000]),
        AppNameHeldMs = random.Pick([0, 0, 20_000]),
        AppVisibleAfterMs = random.Pick([0, 0, 2_000]),
        MachineVisibleAfterMs = random.Pick([0, 0, 2_000]),
        DestroyedVisibleMs = random.Pick([0, 5_000, 600_000]),
        ListLagMs = random.Pick([0, 0, 800, 6_000]),
        SecretsLagMs = random.Pick([0, 0, 3_000]),
        WholeSeconds = random.Chance(0.5),
        RetryAfterSeconds = random.Chance(0.3) ? 2 : null,
        NameHeldWhileDestroying = random.Chance(0.7),
        UpdateStartsStopped = random.Chance(0.3),
        StartAppliesSecrets = random.Chance(0.5),
    };
}
