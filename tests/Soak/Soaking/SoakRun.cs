using System.Diagnostics;
using Npgsql;
using Soak.Judging;
using Soak.Stage;

namespace Soak.Soaking;

/// <summary>Everything goes wrong for a while; then nothing does, and everything must be as it should be.</summary>
internal sealed class SoakRun
{
    /// <summary>Between two bad days; the small tricks go on beside them.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1.5);

    private readonly SoakOptions _options;
    private readonly Arena _arena;
    private readonly Progress _progress;
    private readonly Random _random;
    private readonly Hands _hands;
    private readonly People _people;
    private readonly IReadOnlyList<Trick> _small;
    private readonly IReadOnlyList<Trick> _large;

    private SoakRun(SoakOptions options, Arena arena, Random random)
    {
        (_options, _arena, _random) = (options, arena, random);
        _progress = new Progress(arena);
        _hands = new Hands(arena, random);
        _people = new People(arena, random, options.Users);
        _small = [.. _hands.Tricks(), .. _people.Tricks()];
        // A source of its own: the large tricks run beside the small ones.
        _large = new BadDays(arena, new Random(random.Next())).Tricks();
    }

    public static async Task<int> RunAsync(SoakOptions options)
    {
        Console.WriteLine($"soak: {options.Users} users, {options.Duration.TotalSeconds:0} s of trouble, seed {options.Seed}");
        var random = new Random(options.Seed);
        var budget = (10 * options.Users).ToString(CultureInfo.InvariantCulture);
        var arena = await Arena.OpenAsync(
            ReconcilerProgram.Find(options.Reconciler), random, options.Seed, DaemonEnvironment.Pace,
            new() { ["Reconciler__DestroyBudget"] = budget, ["Reconciler__DestroyBudgetShare"] = "0" });
        return await Outcome.JudgeAsync(arena, options.Seed, new SoakRun(options, arena, random).RunAsync);
    }

    private async Task<List<Claim>> RunAsync()
    {
        await _arena.PushAsync(BadDays.AnotherImage);
        foreach (var rule in FaultMix.Once.Concat(FaultMix.Rules))
        {
            await _arena.Fly.AddFaultAsync(rule);
        }

        _arena.StartDaemon();
        _arena.StartDaemon();
        await SignUpAsync();
        using var over = new CancellationTokenSource(_options.Duration);
        await Task.WhenAll(PlaySmallAsync(over.Token), PlayLargeAsync(over.Token));
        var calls = await _arena.Fly.CallsAsync();

        await _arena.Fly.ClearFaultsAsync();
        await _hands.HealAsync();
        await _people.TidyUpAsync();
        await _arena.Database.ExecuteAsync(
            "insert into fly_reconciler.rollout_orders (kind, owner, reason) values ('retry', 'soak', 'the trouble is over')");
        var converged = await Convergence.AwaitAsync(_arena, TimeSpan.FromSeconds(90), _progress.Tell);
        _progress.Say("judging");
        return [converged, Happened(calls), .. await Verdicts.AllAsync(_arena)];
    }

    private async Task SignUpAsync()
    {
        while (!await _arena.Database.ScalarAsync<bool>("select exists (select from fly_reconciler.row_defaults)"))
        {
            await Task.Delay(50); // the first leader tells the trigger what to write into rows
        }

        while (await _people.SignUpAsync())
        {
        }
    }

    private async Task PlaySmallAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await PlayAsync(Trick.Choose(_small, _random));
            _progress.Tell("everything goes wrong");
            await Task.Delay(_random.Next(20, 150), CancellationToken.None);
        }
    }

    private async Task PlayLargeAsync(CancellationToken over)
    {
        // In turn, so that a short run has had each.
        for (var next = 0; !over.IsCancellationRequested; next++)
        {
            await Task.Delay(Breath, CancellationToken.None);
            var trick = _large[next % _large.Count];
            _progress.Say(trick.Name);
            await PlayAsync(trick);
        }
    }

    private static async Task PlayAsync(Trick trick)
    {
        try
        {
            trick.Played += await trick.PlayAsync() ? 1 : 0;
        }
        catch (Exception problem) when (problem is NpgsqlException or HttpRequestException or IOException)
        {
            // The database is away, or what it was to be played on has gone meanwhile.
        }
    }

    private Claim Happened(IReadOnlyList<LoggedCall> calls)
    {
        var struck = calls.Where(c => c.Fault is not null).Select(c => c.Fault!).ToHashSet();
        var problems = FaultMix.Kinds.Where(k => !struck.Contains(k)).Select(k => $"no call was struck by {k}")
            .Concat(_small.Concat(_large).Where(t => t.Played == 0).Select(t => $"never: {t.Name}")).ToList();
        foreach (var trick in _large.Concat(_small))
        {
            Console.WriteLine($"      {trick.Played,5}  {trick.Name}");
        }

        return Claim.Unless(
            problems, "Every fault and every trick happened",
            $"{struck.Count} kinds struck {calls.Count(c => c.Fault is not null)} of {calls.Count} calls; "
            + $"{_small.Sum(t => t.Played)} small tricks, {_large.Sum(t => t.Played)} large");
    }
}
