using System.Diagnostics;
using Soak.Judging;
using Spectre.Console;

namespace Soak.Takeovers;

/// <summary>Takeover after takeover in several databases side by side, then the question to the databases' own records: was there a stale write?</summary>
internal static class TakeoverRun
{
    private const int Lanes = 4;
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(int count, int seed)
    {
        Console.WriteLine($"takeovers: {count}, {Lanes} leases side by side, seed {seed}");
        var started = Stopwatch.GetTimestamp();
        await using var cluster = await PostgresCluster.StartNewAsync();
        var lanes = await Lane.OpenAsync(cluster, Lanes, seed);
        var running = Task.WhenAll(lanes.Select((lane, i) => Task.Run(() => lane.RunAsync((count + Lanes - 1 - i) / Lanes))));
        while (await Task.WhenAny(running, Task.Delay(TellEvery)) != running)
        {
            Console.WriteLine($"{Stopwatch.GetElapsedTime(started):mm\\:ss} {lanes.Sum(l => l.Takeovers)} takeovers");
        }

        await running;
        var claims = await ClaimsAsync(lanes, count);
        foreach (var lane in lanes)
        {
            await lane.DisposeAsync();
        }

        PrintCounts(lanes);
        ClaimsTable.Print(claims);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s"));
        var holds = claims.TrueForAll(c => c.Holds);
        if (!holds)
        {
            Console.WriteLine($"FAILED: seed {seed}");
        }

        return holds ? 0 : 1;
    }

    private static async Task<List<Claim>> ClaimsAsync(List<Lane> lanes, int count)
    {
        var tried = lanes.Sum(l => l.Tally.Values.Sum());
        var gaveUp = lanes.SelectMany(l => l.GaveUp).ToList();
        var why = string.Concat(gaveUp.CountBy(w => w).Select(w => $"; {w.Value}: {w.Key}"));
        var problems = lanes.SelectMany(l => l.Problems).ToList();
        var (writes, stale, grants, grantProblems) = (0L, new List<string>(), 0L, new List<string>());
        foreach (var lane in lanes)
        {
            var audit = new Audit(lane.Database);
            writes += await audit.WritesAsync();
            grants += await audit.GrantsAsync();
            stale.AddRange(await audit.StaleWritesAsync());
            grantProblems.AddRange(await audit.BadGrantsAsync());
        }

        return
        [
            Claim.Unless(stale, "Not one stale write landed", $"{writes} writes, each committed under its own epoch, by the database's commit times"),
            Claim.Unless(problems, "Each outcome was the one that the moment demands", $"{tried} writes tried by leaders that were about to be deposed"),
            new Claim("Hardly any ended by chance (a dead connection, a time limit)", gaveUp.Count * 20 <= tried, $"{gaveUp.Count} of {tried}{why}"),
            Claim.Unless(grantProblems, "No lease was granted twice, and epochs grow by one", $"{grants} grants"),
            new Claim("All were made", lanes.Sum(l => l.Takeovers) >= count, $"{lanes.Sum(l => l.Takeovers)} takeovers"),
        ];
    }

    private static void PrintCounts(List<Lane> lanes)
    {
        var table = new Table().NoBorder().AddColumns("Old leader's write", "Outcome").AddColumn("Times", c => c.RightAligned());
        foreach (var group in lanes.SelectMany(l => l.Tally).GroupBy(t => t.Key, t => t.Value).OrderBy(g => g.Key.Moment).ThenBy(g => g.Key.Outcome))
        {
            table.AddRow(Moments.Text(group.Key.Moment), group.Key.Outcome.ToString(), group.Sum().ToString(CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
    }
}
