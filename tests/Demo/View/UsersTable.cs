using Spectre.Console;

namespace Demo.View;

/// <summary>The fleet as database and Fly have it. Fits into 100 columns.</summary>
internal static class UsersTable
{
    /// <summary>Lines that are no user.</summary>
    public const int Frame = 1;

    public static Table Of(IReadOnlyList<UserLine> users)
    {
        var table = new Table().NoBorder().Expand();
        foreach (var (head, width) in (ReadOnlySpan<(string, int)>)[
            ("User", 4), ("Tier", 5), ("App", 17), ("Status", 14), ("Machine", 16), ("Size", 9), ("Health", 9)])
        {
            table.AddColumn(new TableColumn($"[grey]{head}[/]").Width(width).NoWrap().PadLeft(0).PadRight(1));
        }

        table.AddColumn(new TableColumn("[grey]Next[/]").NoWrap().PadLeft(0).PadRight(0));
        foreach (var user in users)
        {
            table.AddRow(
                Cell(user.Name, Color.Default),
                Cell(user.Tier, user.Tier == "free" ? Color.Grey : Color.Aqua),
                Cell(user.App, Color.Default),
                Cell(user.Status, ColorOf(user.Status)),
                Machine(user),
                Cell(user.Place, Color.Default),
                Cell(user.Health, ColorOf(user.Health)),
                Cell(user.Next, user.Next == "Converged" ? Color.Green : user.Status.Length == 0 ? Color.Grey : Color.Yellow));
        }

        return table;
    }

    private static Text Cell(string text, Color color) => new(text, new Style(color)) { Overflow = Overflow.Ellipsis };

    private static Text Machine(UserLine user)
    {
        var (mark, color) = user.Mark switch
        {
            MachineMark.Runs => ("●", Color.Green),
            MachineMark.Rests => ("○", Color.Grey),
            MachineMark.Changing => ("◐", Color.Yellow),
            _ => ("", Color.Default),
        };
        return Cell($"{mark} {user.Machine}".Trim(), color);
    }

    private static Color ColorOf(string word) => word switch
    {
        "active" or "healthy" => Color.Green,
        "error" or "unhealthy" => Color.Red,
        "provisioning" or "deprovisioning" => Color.Yellow,
        _ => Color.Grey,
    };
}
