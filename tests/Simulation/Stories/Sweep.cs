using System.Globalization;

namespace Simulation.Stories;

/// <summary>
/// The exhaustive runs of a story: once undisturbed to count its border crossings, then once for each thing that can go wrong at
/// each of them. A run has a name, by which it can be run again: <c>story/nodes/fly:7:late</c>, <c>story/nodes/store:3:Hang</c>,
/// <c>story/nodes/crash:12:Before</c>, and several of them joined by <c>+</c>.
/// </summary>
internal static class Sweep
{
    public static TimeSpan ConvergeWithin { get; } = TimeSpan.FromHours(2);

    /// <summary>What comes round by itself: one poll is like the next, unless it falls into something that happens.</summary>
    private static readonly HashSet<string> Polls =
    [
        "orgs.machines", "registry.manifest", "supabase.rest", "RenewLease", "TryAcquireLease", "ReadPending", "ReadSummaries", "SyncTiers",
    ];

    /// <summary>Of one story with so many daemons: every fault kind at every call and transaction.</summary>
    /// <param name="story">The story.</param>
    /// <param name="nodes">Daemons.</param>
    /// <param name="polls">Of each kind of poll only the first so many are struck.</param>
    public static IEnumerable<string> FaultsOf(Story story, int nodes, int polls)
    {
        var counted = Count(story, nodes);
        return [Name(story, nodes), .. FlyFaultsOf(counted, polls).Concat(StoreFaultsOf(counted, polls)).Select(what => Name(story, nodes, what))];
    }

    /// <summary>A fault at Fly together with one at the database, or with a crash, anywhere in the same run: far too many to run them all.</summary>
    public static IEnumerable<string> MixedOf(Story story, int nodes, int polls)
    {
        var counted = Count(story, nodes);
        var others = StoreFaultsOf(counted, polls).Concat(Crashes(counted.Effects)).ToList();
        return from fly in FlyFaultsOf(counted, polls) from other in others select Name(story, nodes, $"{fly}+{other}");
    }

    private static IEnumerable<string> FlyFaultsOf(CountingFaults counted, int polls) =>
        from n in Struck([.. counted.FlyCalls.Select(c => c.Operation)], polls)
        from fault in FlyFaults.All.Where(f => f.Applies(counted.FlyCalls[n]))
        select $"fly:{Text(n)}:{fault.Name}";

    private static IEnumerable<string> StoreFaultsOf(CountingFaults counted, int polls) =>
        from n in Struck([.. counted.Transactions.Select(t => t.Method)], polls)
        from kind in StoreFaults.All.Where(k => StoreFaults.Applies(k, counted.Transactions[n]))
        select $"store:{Text(n)}:{kind}";

    /// <summary>The positions of those calls that are struck: of each kind of poll the first so many, of everything else all.</summary>
    private static IEnumerable<int> Struck(IReadOnlyList<string> calls, int polls)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return Enumerable.Range(0, calls.Count)
            .Where(n => !Polls.Contains(calls[n]) || (seen[calls[n]] = seen.GetValueOrDefault(calls[n]) + 1) <= polls)
            .ToList();
    }

    /// <summary>How much happens in a story of one daemon: what its sweep costs.</summary>
    public static int CallsOf(Story story) => Count(story, 1).FlyCalls.Count;

    /// <summary>Whether this run has nothing but its story: few and telling, so a thinned sweep keeps them all.</summary>
    public static bool IsUndisturbed(string name) => name.Count(c => c == '/') == 1;

    /// <summary>A crash right before and right after each side effect.</summary>
    public static IEnumerable<string> CrashesOf(Story story, int nodes)
    {
        foreach (var crash in Crashes(Count(story, nodes).Effects))
        {
            yield return Name(story, nodes, crash);
        }
    }

    /// <summary>Two crashes: the second strikes while the first is being got over.</summary>
    public static IEnumerable<string> PairsOf(Story story, int nodes)
    {
        // What the second life of the process does comes on top of what the undisturbed run counted.
        var effects = Count(story, nodes).Effects;
        for (var first = 0; first < effects; first++)
        {
            for (var second = first + 1; second < effects + 12; second++)
            {
                foreach (var (a, b) in new[] { ("Before", "Before"), ("Before", "After"), ("After", "Before"), ("After", "After") })
                {
                    yield return Name(story, nodes, $"crash:{Text(first)}:{a}+crash:{Text(second)}:{b}");
                }
            }
        }
    }

    /// <summary>Null when the name is not that of a run.</summary>
    public static RunOutcome? Run(string name, bool keepLines = false)
    {
        var parts = name.Split('/');
        if (parts is not [var storyName, var nodesText, .. var rest]
            || AllStories.All.FirstOrDefault(s => s.Name == storyName) is not { } story
            || !int.TryParse(nodesText, NumberStyles.None, CultureInfo.InvariantCulture, out var nodes)
            || nodes is < 1 or > 3)
        {
            return null;
        }

        IFaultSource? faults = rest is [] ? new NoFaults() : Parse(string.Join('/', rest), story.IsLate);
        return faults is null ? null : Run(story, nodes, faults, keepLines);
    }

    private static RunOutcome Run(Story story, int nodes, IFaultSource faults, bool keepLines = false)
    {
        var options = new WorldOptions
        {
            Seed = SimRandom.Named((ulong)nodes, story.Name).NextUInt64(),
            Faults = faults,
            Nodes = nodes,
            KeepLines = keepLines,
            Configuration = new Configuration
            {
                DestroyBudget = 20,
                InformerInterval = TimeSpan.FromSeconds(15),
                LeaseTtl = TimeSpan.FromSeconds(30),
                ResyncSchedule = "*/1 * * * *",
            },
            Silence = TimeSpan.FromSeconds(75),
        };
        return Runner.Run(
            options,
            async stage =>
            {
                await story.Play(stage);
                // What is disturbed is the whole way to the end. Where nothing is, it gets there without the calm that puts right what is outside.
                if (!await stage.SettleAsync() && faults is not PlannedFaults)
                {
                    stage.World.Violate("settles", $"nothing goes wrong, and it is not as wished: {string.Join("; ", stage.World.Oracle.Differences())}");
                }
            },
            ConvergeWithin);
    }

    private static CountingFaults Count(Story story, int nodes)
    {
        var counting = new CountingFaults(story.IsLate);
        Run(story, nodes, counting);
        return counting;
    }

    private static PlannedFaults? Parse(string text, bool fromReady)
    {
        var crashes = new List<(int, CrashPoint)>();
        (int, FlyFault)? fly = null;
        (int, StoreFaultKind)? store = null;
        foreach (var part in text.Split('+'))
        {
            if (part.Split(':') is not [var where, var indexText, var what]
                || !int.TryParse(indexText, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                return null;
            }

            if (where == "fly" && FlyFaults.All.FirstOrDefault(f => f.Name == what) is { } fault)
            {
                fly = (index, fault);
            }
            else if (where == "store" && Enum.TryParse<StoreFaultKind>(what, out var kind))
            {
                store = (index, kind);
            }
            else if (where == "crash" && Enum.TryParse<CrashPoint>(what, out var point))
            {
                crashes.Add((index, point));
            }
            else
            {
                return null;
            }
        }

        return new PlannedFaults(fromReady) { Fly = fly, Store = store, Crashes = crashes };
    }

    private static IEnumerable<string> Crashes(int effects)
    {
        for (var n = 0; n < effects; n++)
        {
            yield return $"crash:{Text(n)}:Before";
            yield return $"crash:{Text(n)}:After";
        }
    }

    private static string Name(Story story, int nodes) => $"{story.Name}/{Text(nodes)}";

    private static string Name(Story story, int nodes, string what) => $"{story.Name}/{Text(nodes)}/{what}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
