using System.Globalization;
using Reconciler.WebConsole.Fleet;

namespace Reconciler.WebConsole.Pages;

/// <summary>The fleet in one line. Pure.</summary>
internal static class Headline
{
    /// <summary>For example "4 of 5 users are ready; 1 is wrong".</summary>
    public static string Of(FleetState state, FleetSummary summary)
    {
        var (ready, all) = (summary.Count(CellKind.Ready), summary.Entitled);
        var line = (ready, all) switch
        {
            (_, 0) => "Nobody has a paid tier",
            _ when ready == all => all == 1 ? "The one user is ready" : Text($"All {all:#,0} users are ready"),
            _ => Text($"{ready:#,0} of {all:#,0} users are ready"),
        };
        CellKind[] told = [CellKind.Wrong, CellKind.Held, CellKind.Paused, CellKind.Moving, CellKind.Unknown, CellKind.Leaving];
        var rest = told.Where(k => summary.Count(k) > 0).Select(k => Text($"{summary.Count(k):#,0} {k.Word()}")).ToList();
        return line + (rest.Count > 0 ? "; " + string.Join(", ", rest) : "") + (state.IsLed ? "." : ". Nobody leads.");
    }

    /// <summary>For the browser's tab: the worst first.</summary>
    public static string Title(FleetState state, FleetSummary summary) => !state.IsLed ? "Nobody leads – Reconciler"
        : summary.Count(CellKind.Wrong) is > 0 and var wrong ? Text($"{wrong:#,0} wrong – Reconciler")
        : summary.Count(CellKind.Held) is > 0 and var held ? Text($"{held:#,0} held – Reconciler")
        : Text($"{summary.Count(CellKind.Ready):#,0}/{summary.Entitled:#,0} ready – Reconciler");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
