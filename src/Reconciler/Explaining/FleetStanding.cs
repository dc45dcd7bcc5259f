using Reconciler.Configuration;

namespace Reconciler.Explaining;

/// <summary>How the controller stands, whoever asks.</summary>
/// <param name="Leader">Who leads; null = nobody.</param>
/// <param name="ObservesOnly">The configuration at hand changes nothing for this user.</param>
/// <param name="Settings">The configuration at hand, for the values of what decides.</param>
internal sealed record FleetStanding(string? Leader, bool ObservesOnly, Settings Settings);
