namespace Simulation.Fleets;

/// <summary>What happens to the daemons while the input is wrong.</summary>
internal enum Midway
{
    Nothing,
    Restart,
    Crash,
}

/// <summary>One wrong input in one world.</summary>
internal sealed record Variant(WrongInput Input, Midway Midway, bool LeaseOff)
{
    public string Name => Input.Name
        + Midway switch { Midway.Restart => ", restarted", Midway.Crash => ", killed", _ => "" }
        + (LeaseOff ? ", two daemons without a lease" : "");
}

/// <summary>The variants in the order in which a count cuts them off.</summary>
internal static class Variants
{
    private static readonly int[] WithRestart = [0, 1, 2, 4, 8, 10, 11, 13, 17, 21, 26];

    private static readonly int[] WithoutLease = [0, 1, 2, 5, 6, 9, 10, 13, 17, 22, 25];

    public static IReadOnlyList<Variant> All { get; } =
    [
        .. WrongInputs.All.Select(i => new Variant(i, Midway.Nothing, false)),
        new(WrongInputs.JustAllowed, Midway.Nothing, false),
        .. WithoutLease.Select((n, index) => new Variant(WrongInputs.All[n], (Midway)(index % 3), true)),
        .. WithRestart.Select((n, index) => new Variant(WrongInputs.All[n], index % 2 == 0 ? Midway.Restart : Midway.Crash, false)),
    ];

    /// <summary>What draws on the budget goes last: it leaves nothing of it to those that come within the hour.</summary>
    public static IEnumerable<Variant> InOrder(IEnumerable<Variant> variants) => variants.OrderBy(v => v.Input.Leaving);
}
