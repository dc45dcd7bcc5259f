using System.Globalization;
using Demo.Story;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Demo.View;

/// <summary>The whole picture: users above, claims below.</summary>
internal static class Screen
{
    /// <summary>The title, two rules and the footer.</summary>
    private const int OwnLines = 4;

    public static IRenderable Of(Board board, int height)
    {
        var users = UsersTable.Of(board.Users);
        var left = height - board.Users.Count - UsersTable.Frame - ClaimsTable.Frame - OwnLines;
        return new Rows(
            Title(board), users, new Rule { Style = Color.Grey }, ClaimsTable.Of(Visible(board.Claims, Math.Max(left, 3))), new Rule { Style = Color.Grey }, Footer(board));
    }

    /// <summary>All, or as many around the one being checked as there is room for.</summary>
    private static IReadOnlyList<Claim> Visible(IReadOnlyList<Claim> claims, int room)
    {
        if (claims.Count <= room)
        {
            return claims;
        }

        var current = claims.Count(c => c.State is ClaimState.Holds or ClaimState.Fails);
        var first = Math.Clamp(current - room + 2, 0, claims.Count - room);
        return [.. claims.Skip(first).Take(room)];
    }

    private static Rule Title(Board board) => new Rule($"[bold]Fly reconciler[/] [grey]· {board.Elapsed.ToString(@"mm\:ss", CultureInfo.InvariantCulture)}[/]")
    {
        Justification = Justify.Left,
        Style = new Style(Color.Grey),
    };

    private static Text Footer(Board board)
    {
        var (held, failed) = (board.Claims.Count(c => c.State == ClaimState.Holds), board.Claims.Count(c => c.State == ClaimState.Fails));
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{held} of {board.Claims.Count} hold{(failed > 0 ? $", {failed} do not" : "")}  {board.Now}");
        return new Text(text, new Style(failed > 0 ? Color.Red : Color.Grey)) { Overflow = Overflow.Ellipsis };
    }
}
