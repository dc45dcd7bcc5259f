using Demo.Story;
using Spectre.Console;

namespace Demo.View;

/// <summary>The story's claims, each with its mark, what was seen, and the time it took. Fits into 100 columns.</summary>
internal static class ClaimsTable
{
    /// <summary>Lines that are no claim.</summary>
    public const int Frame = 1;

    public static Table Of(IReadOnlyList<Claim> claims)
    {
        var table = new Table().NoBorder().Expand();
        table.AddColumn(new TableColumn("").Width(1).PadLeft(0).PadRight(1));
        table.AddColumn(new TableColumn("[grey]Claim[/]").Width(47).NoWrap().PadLeft(0).PadRight(1));
        table.AddColumn(new TableColumn("[grey]Seen[/]").PadLeft(0).PadRight(1));
        table.AddColumn(new TableColumn("").Width(6).NoWrap().RightAligned().PadLeft(0).PadRight(0));
        foreach (var claim in claims)
        {
            var (mark, color, text) = claim.State switch
            {
                ClaimState.Holds => ("✓", Color.Green, Color.Default),
                ClaimState.Fails => ("✗", Color.Red, Color.Red),
                ClaimState.Checking => ("…", Color.Yellow, Color.Yellow),
                _ => ("·", Color.Grey, Color.Grey),
            };
            var done = claim.State is ClaimState.Holds or ClaimState.Fails;
            table.AddRow(
                new Text(mark, new Style(color)),
                new Text(claim.Title, new Style(text)),
                // A failure is shown in full, evidence on one line.
                new Text(claim.Evidence, new Style(claim.State == ClaimState.Fails ? Color.Red : Color.Grey)),
                new Text(done ? ClaimText.Seconds(claim.Took) : "", new Style(Color.Grey)));
        }

        return table;
    }
}
