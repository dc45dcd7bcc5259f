using Store;

namespace Reconciler.WebConsole.Fleet;

/// <summary>One user who is not as wished.</summary>
internal sealed record Trouble(FleetRow Row, CellKind Kind, DateTimeOffset? Since, string Reason, string Why, Outlook Next);

/// <summary>The fleet in numbers and its troubles, worst first. Pure.</summary>
internal sealed record FleetSummary
{
    public required IReadOnlyList<CellKind> Cells { get; init; }
    public required IReadOnlyDictionary<CellKind, int> Counts { get; init; }

    /// <summary>Users with a paid tier.</summary>
    public required int Entitled { get; init; }
    public required IReadOnlyList<Trouble> Troubles { get; init; }
    public required decimal MonthlyCostUsd { get; init; }

    public int Count(CellKind kind) => Counts.GetValueOrDefault(kind);

    public static FleetSummary Of(FleetState state)
    {
        var cells = state.Rows.Select(FleetClassifier.KindOf).ToArray();
        var troubles = state.Rows
            .Zip(cells)
            .Where(pair => pair.Second is not (CellKind.Ready or CellKind.Leaving))
            .Select(pair => Describe(pair.First, pair.Second, state.IsLed))
            .OrderBy(t => t.Kind)
            .ThenByDescending(t => t.Next.NeedsPerson)
            .ThenBy(t => t.Since ?? DateTimeOffset.MaxValue)
            .ThenBy(t => t.Row.AppName, StringComparer.Ordinal);
        return new FleetSummary
        {
            Cells = cells,
            Counts = cells.CountBy(static c => c).ToDictionary(),
            Entitled = state.Rows.Count(r => r.Entitled),
            Troubles = [.. troubles],
            MonthlyCostUsd = state.Rows.Sum(r => r.MonthlyCostUsd ?? 0),
        };
    }

    public static Trouble Describe(FleetRow row, CellKind kind, bool led) => new(
        row,
        kind,
        FleetClassifier.Since(row, kind),
        kind == CellKind.Paused ? "Paused" : row.Reason ?? "NotLookedAt",
        Why(row, kind),
        Outlook.Of(row, kind, led));

    private static string Why(FleetRow row, CellKind kind) => kind switch
    {
        CellKind.Paused => $"{row.PauseOwner ?? "somebody"}: {row.PauseReason ?? "no reason given"}",
        CellKind.Unknown => "no reconcile has reported yet",
        CellKind.Moving when !row.Observed => "the wish has just changed",
        _ => row.Error ?? row.Message ?? "",
    };
}
