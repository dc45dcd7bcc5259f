namespace Bench.Stage;

/// <summary>The published programs that the scenarios start.</summary>
/// <param name="Reconciler">The product.</param>
/// <param name="Probe">One side of a comparison in a process of its own.</param>
/// <param name="Hello">The floor of a start-up.</param>
internal sealed record Programs(string Reconciler, string Probe, string Hello)
{
    public static Programs FromEnvironment() =>
        new(Required("BENCH_RECONCILER"), Required("BENCH_PROBE"), Required("BENCH_HELLO"));

    private static string Required(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } path && File.Exists(path)
        ? path
        : throw new InvalidOperationException($"{name} names no program; start the bench with ./bench.sh");
}
