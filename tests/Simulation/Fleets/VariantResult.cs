namespace Simulation.Fleets;

/// <summary>How a fleet came through one wrong input.</summary>
/// <param name="Variant">Which.</param>
/// <param name="Alarm">From the wrong input to the hold in the fleet's state; null = none was given.</param>
/// <param name="Held">Rows that say so.</param>
/// <param name="CallsPerUserMinute">Calls to Fly while it stood.</param>
/// <param name="Mutations">Calls that change something, from the wrong input until all was as wished again.</param>
/// <param name="Destroyed">Apps or machines that were not there any more.</param>
/// <param name="Stopped">Machines that did not run any more.</param>
/// <param name="Recovered">From the right input to the whole fleet as wished; null = not within the limit.</param>
/// <param name="MadeAnew">Machines that were another, or of another version, in the end.</param>
/// <param name="Problems">Claims that did not hold.</param>
internal sealed record VariantResult(
    Variant Variant, TimeSpan? Alarm, int Held, double CallsPerUserMinute, long Mutations, int Destroyed, int Stopped, TimeSpan? Recovered, int MadeAnew, IReadOnlyList<string> Problems);
