using System.Diagnostics;
using Soak.Judging;
using Soak.Soaking;
using Soak.Stage;

namespace Soak.Kills;

/// <summary>The daemon is killed at random points of its work and started again, many times; then it is left alone and everything must be right.</summary>
internal sealed class KillRun
{
    private const int Users = 12;
    private static readonly TimeSpan WorkLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly KillOptions _options;
    private readonly Arena _arena;
    private readonly Random _random;
    private readonly Progress _progress;
    private readonly Unrest _unrest;
    private int _amidst;

    private KillRun(KillOptions options, Arena arena, Random random)
    {
        (_options, _arena, _random) = (options, arena, random);
        _progress = new Progress(arena);
        _unrest = new Unrest(arena, random, Users);
    }

    public static async Task<int> RunAsync(KillOptions options)
    {
        Console.WriteLine($"kills: {options.Count} times kill -9, seed {options.Seed}");
        var random = new Random(options.Seed);
        var arena = await Arena.OpenAsync(
            ReconcilerProgram.Find(options.Reconciler), random, options.Seed, DaemonEnvironment.Pace with { LatencyMs = 15 },
            new() { ["Reconciler__DestroyBudget"] = "100000" });
        return await Outcome.JudgeAsync(arena, options.Seed, new KillRun(options, arena, random).RunAsync);
    }

    private async Task<List<Claim>> RunAsync()
    {
        await _arena.PushAsync(BadDays.AnotherImage);
        _arena.StartDaemon();
        await AwaitAsync(() => _arena.Database.ScalarAsync<bool>("select exists (select from fly_reconciler.row_defaults)"));
        await _unrest.SignUpAsync();
        for (var kill = 1; kill <= _options.Count; kill++)
        {
            await WorkAsync();
            await _arena.KillAsync(_arena.Daemons.Single());
            // As three seconds of waiting would; the holder is dead, so nobody is wronged.
            await _arena.Database.ExecuteAsync("update fly_reconciler.lease set expires_at = clock_timestamp()");
            await _unrest.StirAsync();
            _arena.StartDaemon();
            _progress.Tell($"{kill} kills");
        }

        var converged = await Convergence.AwaitAsync(_arena, TimeSpan.FromSeconds(90), _progress.Tell);
        return
        [
            new Claim("All were killed, and most amidst their work", _amidst * 2 > _options.Count, $"{_options.Count} kills, {_amidst} with calls that change already made"),
            converged,
            .. await Verdicts.AllAsync(_arena),
        ];
    }

    /// <summary>Until it leads and has made a few calls that change something, or has found nothing to do; then a moment of no certain length.</summary>
    private async Task WorkAsync()
    {
        var since = (await _arena.Fly.CallsAsync(mutatingOnly: true)).Select(c => c.Seq).DefaultIfEmpty(0).Max();
        await AwaitAsync(async () => await _arena.LeaderAsync() is not null);
        var enough = _random.Next(0, 8);
        var started = Stopwatch.GetTimestamp();
        var made = 0;
        while (made < enough && Stopwatch.GetElapsedTime(started) < WorkLimit)
        {
            await Task.Delay(5);
            made = (await _arena.Fly.CallsAsync(since, mutatingOnly: true)).Count;
        }

        await Task.Delay(_random.Next(60));
        _amidst += (await _arena.Fly.CallsAsync(since, mutatingOnly: true)).Count > 0 ? 1 : 0;
    }

    private static async Task AwaitAsync(Func<Task<bool>> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > StartLimit)
            {
                throw new TimeoutException("a daemon that was started again did not lead");
            }

            await Task.Delay(10);
        }
    }
}
