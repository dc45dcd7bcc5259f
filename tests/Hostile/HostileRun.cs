using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using CsCheck;

namespace Hostile;

/// <summary>
/// Runs a claim over generated inputs, the same ones every time. <c>HOSTILE_ITERATIONS=100</c> makes each test a hundred times as
/// long, <c>HOSTILE_SEED=7</c> gives other inputs, and <c>HOSTILE_COUNTS=FILE</c> writes down how many were run.
/// </summary>
internal static class HostileRun
{
    /// <summary>No input may take longer: bounded work, on a machine that does other things as well.</summary>
    private static readonly TimeSpan LongestCase = TimeSpan.FromSeconds(10);

    private static readonly Lock CountsGate = new();

    public static void Hold<T>(
        this Gen<T> inputs, int iterations, Action<T> claim, Func<T, string>? print = null, [CallerMemberName] string test = "")
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CsCheck_Seed")))
        {
            inputs.Sample(claim, threads: 1, print: print);
            return;
        }

        var total = iterations * Number("HOSTILE_ITERATIONS", 1);
        var random = new PCG(stream: 1, seed: (ulong)Number("HOSTILE_SEED", 0));
        var started = Stopwatch.GetTimestamp();
        for (var i = 0L; i < total; i++)
        {
            var seed = random.ToString();
            var input = inputs.Generate(random, null, out _);
            var begun = Stopwatch.GetTimestamp();
            try
            {
                claim(input);
                Assert.True(Stopwatch.GetElapsedTime(begun) < LongestCase, $"one input took {Stopwatch.GetElapsedTime(begun)}");
            }
            catch (Exception failure)
            {
                Assert.Fail($"""
                    {failure.GetType().Name}: {failure.Message}
                    Input {i} of {total}: {Show(print is null ? input?.ToString() : print(input))}
                    Replay: CsCheck_Seed={seed} dotnet test --filter {test}
                    {failure.StackTrace}
                    """);
            }
        }

        Count(test, total, Stopwatch.GetElapsedTime(started));
    }

    public static void Hold<T1, T2>(this Gen<(T1, T2)> inputs, int iterations, Action<T1, T2> claim, [CallerMemberName] string test = "") =>
        inputs.Hold(iterations, t => claim(t.Item1, t.Item2), test: test);

    public static void Hold<T1, T2, T3>(this Gen<(T1, T2, T3)> inputs, int iterations, Action<T1, T2, T3> claim, [CallerMemberName] string test = "") =>
        inputs.Hold(iterations, t => claim(t.Item1, t.Item2, t.Item3), test: test);

    public static void Hold<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> inputs, int iterations, Action<T1, T2, T3, T4> claim, [CallerMemberName] string test = "") =>
        inputs.Hold(iterations, t => claim(t.Item1, t.Item2, t.Item3, t.Item4), test: test);

    public static void Hold<T1, T2, T3, T4, T5>(this Gen<(T1, T2, T3, T4, T5)> inputs, int iterations, Action<T1, T2, T3, T4, T5> claim, [CallerMemberName] string test = "") =>
        inputs.Hold(iterations, t => claim(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5), test: test);

    public static void Hold<T1, T2, T3, T4, T5, T6>(this Gen<(T1, T2, T3, T4, T5, T6)> inputs, int iterations, Action<T1, T2, T3, T4, T5, T6> claim, [CallerMemberName] string test = "") =>
        inputs.Hold(iterations, t => claim(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6), test: test);

    /// <summary>Fails unless the work is over in time; for inputs that are given and not generated.</summary>
    public static void InTime(Action work)
    {
        var begun = Stopwatch.GetTimestamp();
        work();
        Assert.True(Stopwatch.GetElapsedTime(begun) < LongestCase, $"took {Stopwatch.GetElapsedTime(begun)}");
    }

    private static string Show(string? input) => input is null ? "null"
        : System.Text.Json.JsonSerializer.Serialize(input.Length > 2000 ? input[..2000] : input) + $" ({input.Length} characters)";

    private static long Number(string name, long otherwise) =>
        long.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static void Count(string test, long total, TimeSpan took)
    {
        if (Environment.GetEnvironmentVariable("HOSTILE_COUNTS") is not { Length: > 0 } file)
        {
            return;
        }

        lock (CountsGate)
        {
            File.AppendAllText(file, string.Create(CultureInfo.InvariantCulture, $"{total}\t{took.TotalSeconds:0.0}\t{test}\n"));
        }
    }
}
