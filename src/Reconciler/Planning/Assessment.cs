using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>A snapshot read: the elected machine, its health, and the memory as this observation leaves it.</summary>
/// <param name="Elected">The elected machine as Fly has it; null when there is none or it is gone.</param>
/// <param name="Spec">What to steer to: the wish, or the last good spec while the wish is rejected; null when there is none.</param>
/// <param name="Drifts">What only an update or a replacement can repair, against <paramref name="Spec"/>.</param>
/// <param name="Notes">What this observation found out about earlier changes; each becomes an event.</param>
internal sealed record Assessment(
    Machine? Elected,
    MachineSpec? Spec,
    HealthVerdict Health,
    IReadOnlyList<Drift> Drifts,
    AppMemory Memory,
    IReadOnlyList<Note> Notes)
{
    /// <summary>Started, as wished, healthy, and nothing of ours still on its way.</summary>
    public bool Converged =>
        Elected is { State: MachineStates.Started } && Elected.IsReadable() && Spec is not null && Drifts.Count == 0
        && Health.State == HealthState.Healthy && Memory.Pending is null;
}

/// <summary>Something found out by observing.</summary>
public sealed record Note(string Reason, string Message);
