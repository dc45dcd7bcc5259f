using Bench.Stage;

namespace Bench.Measuring;

/// <summary>Rounds of two probes in turn.</summary>
internal sealed record Turns(IReadOnlyList<Round> Ours, IReadOnlyList<Round> Floor)
{
    /// <param name="ours">The product's code.</param>
    /// <param name="floor">The least that could be done.</param>
    /// <param name="warmUp">Rounds before counting starts.</param>
    /// <param name="rounds">Rounds that count; five at least.</param>
    /// <param name="before">Done before each pair, for example to level what the pair before left behind.</param>
    public static async Task<Turns> TakeAsync(Child ours, Child floor, int warmUp, int rounds, Func<Task>? before = null)
    {
        var (a, b) = (new List<Round>(), new List<Round>());
        for (var i = -warmUp; i < rounds; i++)
        {
            await (before?.Invoke() ?? Task.CompletedTask);
            // Who goes first alternates, so that neither always finds warm caches.
            var (first, second) = (i & 1) == 0 ? (ours, floor) : (floor, ours);
            var (one, two) = (await first.RoundAsync(), await second.RoundAsync());
            if (i >= 0)
            {
                a.Add(first == ours ? one : two);
                b.Add(first == ours ? two : one);
            }
        }

        return new Turns(a, b);
    }

    public void Wall(Report report, string what, double? goal) => Compare(report, what, goal, " ms", static r => r.Wall);

    public void Cpu(Report report, string what, double? goal) => Compare(report, what, goal, " ms", static r => r.Cpu);

    public void AllocatedEach(Report report, string what, int count, double? goal) =>
        Compare(report, what, goal, " B", r => (double)r.Allocated / count);

    private void Compare(Report report, string what, double? goal, string unit, Func<Round, double> value) => report.Timed(
        what, Figures.Of(Ours.Select(value)), Figures.Of(Floor.Select(value)), Figures.Ratios(Ours.Select(value), Floor.Select(value)), goal, unit);
}
