using System.Globalization;
using System.Text;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>
/// One cell per user. Neighbours of one kind in a row are drawn as one rectangle, and a pattern cuts it into cells: a page for
/// thousands of users who are well is as small as one for ten, and the browser has a handful of nodes to draw.
/// </summary>
internal static class FleetPicture
{
    /// <summary>The side of a cell in the picture's own units; the patterns repeat with it.</summary>
    private const int Cell = 10;

    public static void Write(HtmlWriter page, FleetSummary summary, int roster)
    {
        var cells = summary.Cells;
        var (columns, pixels) = Grid(cells.Count);
        var used = Math.Min(columns, Math.Max(1, cells.Count));
        var rows = Math.Max(1, (cells.Count + columns - 1) / columns);
        page.Write($"""
            <div id="picture" data-roster="{roster}" data-columns="{columns}" data-count="{cells.Count}">
            <svg role="img" aria-label="{Describe(summary)}" width="{used * pixels}" height="{rows * pixels}" viewBox="0 0 {used * Cell} {rows * Cell}">
            <defs>
            """);
        var kinds = CellKinds.All.Where(k => summary.Count(k) > 0).ToList();
        foreach (var kind in kinds)
        {
            page.Write($"""<pattern id="p-{kind.Slug()}" width="{Cell}" height="{Cell}" patternUnits="userSpaceOnUse">""");
            Shapes.Write(page, kind);
            page.Write($"</pattern>");
        }

        page.Write($"</defs>\n");
        foreach (var kind in kinds)
        {
            page.Write($"<path fill=\"url(#p-{kind.Slug()})\" d=\"{new PathData(Runs(cells, kind, columns))}\"/>\n");
        }

        page.Write($"<rect id=\"cursor\" width=\"{Cell}\" height=\"{Cell}\" visibility=\"hidden\"/></svg>\n</div>\n");
    }

    /// <summary>Cells in a row, and the side of a cell on the screen: few users get large ones.</summary>
    public static (int Columns, int Pixels) Grid(int count) => count switch
    {
        <= 120 => (30, 32),
        <= 1_000 => (60, 18),
        _ => (120, 9),
    };

    private static string Runs(IReadOnlyList<CellKind> cells, CellKind kind, int columns)
    {
        var path = new StringBuilder();
        for (var start = 0; start < cells.Count; start++)
        {
            if (cells[start] != kind)
            {
                continue;
            }

            var end = start + 1;
            while (end < cells.Count && end % columns != 0 && cells[end] == kind)
            {
                end++;
            }

            var width = (end - start) * Cell;
            path.Append(CultureInfo.InvariantCulture, $"M{start % columns * Cell} {start / columns * Cell}h{width}v{Cell}h-{width}z");
            start = end - 1;
        }

        return path.ToString();
    }

    private static string Describe(FleetSummary summary) => summary.Cells.Count == 0
        ? "No users"
        : string.Create(CultureInfo.InvariantCulture, $"{summary.Cells.Count} users: ")
            + string.Join(", ", CellKinds.All.Where(k => summary.Count(k) > 0).Select(k => $"{summary.Count(k)} {k.Word()}"));
}
