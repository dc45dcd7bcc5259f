using Spectre.Console;

namespace Soak.Judging;

/// <summary>The end of every run: what was claimed, whether it holds, what was seen.</summary>
internal static class ClaimsTable
{
    public static void Print(IReadOnlyList<Claim> claims)
    {
        var table = new Table().NoBorder();
        table.AddColumn(new TableColumn("").Width(1).PadLeft(0).PadRight(1));
        table.AddColumn(new TableColumn("Claim").PadLeft(0).PadRight(2));
        table.AddColumn(new TableColumn("Seen").PadLeft(0));
        foreach (var claim in claims)
        {
            var style = new Style(claim.Holds ? Color.Default : Color.Red);
            table.AddRow(new Text(claim.Holds ? "✓" : "✗", style), new Text(claim.Title, style), new Text(claim.Evidence, style));
        }

        AnsiConsole.Write(table);
    }
}
