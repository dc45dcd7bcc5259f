using System.Diagnostics;
using Soak.Stage;

namespace Soak.Judging;

/// <summary>Waits until everything agrees.</summary>
internal static class Convergence
{
    private static readonly TimeSpan ForceEvery = TimeSpan.FromSeconds(20);

    /// <summary>Backoffs run to five minutes, and a wish whose machine was harmed while it was tried waits for an operator's word:
    /// so an operator forces everyone, at once and again.</summary>
    public static async Task<Claim> AwaitAsync(Arena arena, TimeSpan limit, Action<string> tell)
    {
        var started = Stopwatch.GetTimestamp();
        var forced = TimeSpan.MinValue;
        while (true)
        {
            var problems = await Truth.ProblemsAsync(arena);
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (problems.Count == 0 || elapsed > limit)
            {
                var counts = await CountsAsync(arena);
                return Claim.Unless(
                    problems, "Once the faults stop, everything converges and every status is true",
                    string.Create(CultureInfo.InvariantCulture, $"after {elapsed.TotalSeconds:0} s: {counts}"));
            }

            if (forced < TimeSpan.Zero || elapsed - forced > ForceEvery)
            {
                forced = elapsed;
                await arena.ForceAsync("");
            }

            tell($"converging: {problems.Count} thing(s) not as they should be, for example {problems[0]}");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task<string> CountsAsync(Arena arena)
    {
        var wishes = await Wish.AllAsync(arena.Database);
        return $"{wishes.Count(w => w.Entitled)} users run, {wishes.Count(w => !w.Entitled)} have nothing";
    }
}
