namespace Simulation.Stories;

/// <summary>Seeds that once found a defect, each with what it found. They run first, for ever.</summary>
internal static class Regressions
{
    public static IReadOnlyList<ulong> Seeds => [.. Found.Select(f => f.Seed)];

    public static IReadOnlyList<(ulong Seed, string What)> Found { get; } = [];
}
