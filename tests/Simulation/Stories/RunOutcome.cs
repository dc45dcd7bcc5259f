using Simulation.Faults;

namespace Simulation.Stories;

/// <summary>How one run ended.</summary>
/// <param name="Problems">Broken rules and unmet ends; empty when all is well.</param>
/// <param name="Hash">Of everything that crossed a border.</param>
/// <param name="VirtualTime">How long it was for those in it.</param>
/// <param name="ConvergedAfter">From the end of the faults; null when it did not converge.</param>
/// <param name="Happened">What went wrong or was done, by number.</param>
internal sealed record RunOutcome(
    IReadOnlyList<string> Problems,
    ulong Hash,
    TimeSpan VirtualTime,
    TimeSpan? ConvergedAfter,
    Coverage Coverage,
    IReadOnlyList<(int Number, string What)> Happened,
    IReadOnlyList<string> Lines)
{
    public bool IsGood => Problems.Count == 0;
}
