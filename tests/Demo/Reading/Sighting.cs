using FlySim.Admin;

namespace Demo.Reading;

/// <summary>What database, Fly and the machine itself said of one user at one moment.</summary>
/// <param name="Row">Null when the user has no row.</param>
/// <param name="App">Null when no app of the row's name exists.</param>
/// <param name="Health">What the machine's own <c>/health</c> answered; null when there was no answer.</param>
internal sealed record Sighting(AppRow? Row, AppState? App, MachineHealth? Health)
{
    public static Sighting Nothing { get; } = new(null, null, null);

    public IReadOnlyList<MachineState> Machines { get; } = App is null ? [] : [.. App.LiveMachines];

    /// <summary>The live machine, when there is exactly one.</summary>
    public MachineState? Machine => Machines is [var one] ? one : null;
}

/// <summary>The document of <c>GET /health</c>.</summary>
internal sealed record MachineHealth(string Status, string RunMode, string? UserId);
