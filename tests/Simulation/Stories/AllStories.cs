namespace Simulation.Stories;

/// <summary>Every life cycle that the exhaustive sweeps try faults and crashes on.</summary>
internal static class AllStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        .. TierStories.All,
        .. MachineStories.All,
        .. PolicyStories.All,
        .. EstateStories.All,
        .. OperatorStories.All,
        .. RolloutStories.All,
    ];
}
