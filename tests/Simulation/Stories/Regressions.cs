namespace Simulation.Stories;

/// <summary>Seeds that once found a defect, each with what it found. They run first, for ever.</summary>
internal static class Regressions
{
    public static IReadOnlyList<ulong> Seeds => [.. Found.Select(f => f.Seed)];

    public static IReadOnlyList<(ulong Seed, string What)> Found { get; } =
    [
        (40468, "the intent of a create stayed open for ever when another organisation had the name and the user had left"),
        (41177, "the same, after a create whose answer never came"),
        (1002111, "looks at an app whose row was gone never agreed, so its last records stayed for ever"),
        (1001239, "none: the simulation missed an event, because others had gone with their user"),
        (5923, "more users left than the tripwire believes, and nobody released the hold"),
    ];
}
