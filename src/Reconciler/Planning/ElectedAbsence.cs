using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// Is the elected machine gone, or only not shown? The state <c>destroyed</c> by its id is proof. A list that leaves it out and a 404 for
/// its id can both be wrong in the same moment, and its successor would be started beside it: they count when looks over
/// <see cref="Timings.CreateLag"/> agree. Pure.
/// </summary>
internal static class ElectedAbsence
{
    /// <summary>The <see cref="TroubleMemory.Kind"/> of a machine that no look found.</summary>
    public const string Kind = "missing";

    public static bool IsProven(Snapshot snapshot) =>
        snapshot.Observed.ElectedGone || Left(snapshot) is { } left && left <= TimeSpan.Zero;

    /// <summary>How much longer looks have to agree; null when the last one did not answer 404.</summary>
    public static TimeSpan? Left(Snapshot snapshot) =>
        TroubleOf(snapshot) is { } trouble ? trouble.Since + snapshot.Policy.Timings.CreateLag - snapshot.Now : null;

    /// <summary>Since when no look has found it; null when it is found, proven gone, or there is none.</summary>
    public static TroubleMemory? TroubleOf(Snapshot snapshot) => snapshot is { Observed.ElectedNotFound: true, User.MachineId: { } elected }
        ? snapshot.Memory.Trouble is { Kind: Kind } earlier && earlier.MachineId == elected && earlier.Since <= snapshot.Now
            ? earlier
            : new TroubleMemory(Kind, elected, snapshot.Now)
        : null;
}
