using Reconciler.Model;
using Store;

namespace Reconciler.WebConsole.Fleet;

/// <summary>From a row to its kind. Pure.</summary>
internal static class FleetClassifier
{
    private const string True = "True";

    public static CellKind KindOf(FleetRow row)
    {
        if (row.Paused)
        {
            return CellKind.Paused;
        }

        if (row.Reason is Reasons.DestroyBudget or Reasons.ShrinkTripwire)
        {
            return CellKind.Held;
        }

        if (!row.Entitled)
        {
            return row.Degraded || row.Retries > 0 ? CellKind.Wrong : CellKind.Leaving;
        }

        if (row.Observed && row.Ready == True && !row.Degraded && row.Retries == 0)
        {
            return CellKind.Ready;
        }

        return row switch
        {
            { Degraded: true } or { Retries: > 0 } or { Status: "error" } => CellKind.Wrong,
            { Ready: null } => CellKind.Unknown,
            _ => CellKind.Moving,
        };
    }

    /// <summary>Since when it is so; null when nobody wrote it down.</summary>
    public static DateTimeOffset? Since(FleetRow row, CellKind kind) => kind switch
    {
        CellKind.Wrong => row.Degraded ? row.DegradedSince ?? row.ReadySince : row.ReadySince,
        CellKind.Ready or CellKind.Unknown => null,
        _ => row.ReadySince,
    };
}
