using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The users as a list, found by a part of a name or by kind: what the picture shows, for reading.</summary>
internal static class UsersPage
{
    public const int PageSize = 100;

    public static void Write(HtmlWriter page, FleetState state, string query, CellKind? kind, int number)
    {
        var matching = state.Rows
            .Select(row => FleetSummary.Describe(row, FleetClassifier.KindOf(row), state.IsLed))
            .Where(t => kind is null || t.Kind == kind)
            .Where(t => query.Length == 0 || t.Row.AppName.Contains(query, StringComparison.OrdinalIgnoreCase)
                || t.Row.UserId.ToString().Contains(query, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var pages = Math.Max(1, (matching.Count + PageSize - 1) / PageSize);
        number = Math.Clamp(number, 1, pages);
        page.Write($"<section id=\"s-users\" aria-labelledby=\"h-users\">\n<h1 id=\"h-users\">{new Count(matching.Count)} {(matching.Count == 1 ? "user" : "users")}{(kind is { } k ? $" {k.Word()}" : "")}{(query.Length > 0 ? $" like “{query}”" : "")}</h1>\n<ul class=\"legend\"><li><a href=\"/users\">all</a></li>");
        foreach (var one in CellKinds.All)
        {
            page.Write($"<li><a href=\"/users?state={one.Slug()}\">");
            Badge.Kind(page, one);
            page.Write($"</a></li>");
        }

        page.Write($"</ul>\n");
        if (matching.Count == 0)
        {
            page.Write($"<p>Nobody is called so. An app name or a user id, or a part of one, finds a user; those whose app is gone are found by their whole name.</p>\n</section>\n");
            return;
        }

        WriteTable(page, matching.Skip((number - 1) * PageSize).Take(PageSize), number, pages);
        WritePager(page, query, kind, number, pages);
        page.Write($"</section>\n");
    }

    private static void WriteTable(HtmlWriter page, IEnumerable<Trouble> users, int number, int pages)
    {
        page.Write($"""
            <div class="scroll" tabindex="0" role="region" aria-labelledby="c-users"><table><caption id="c-users">By app name, page {number} of {pages}</caption>
            <thead><tr><th scope="col">App</th><th scope="col">User</th><th scope="col">Tier</th><th scope="col">How it is</th><th scope="col">Reason</th><th scope="col">What happens next</th><th scope="col">When</th></tr></thead><tbody>

            """);
        foreach (var user in users)
        {
            page.Write($"<tr><th scope=\"row\">");
            Badge.UserLink(page, user.Row.UserId, user.Row.AppName);
            page.Write($"</th><td class=\"id\">{user.Row.UserId}</td><td>{user.Row.Tier}</td><td class=\"what\">");
            Badge.Kind(page, user.Kind);
            page.Write($"</td><td>{user.Reason}</td><td>{user.Next.What}</td><td>");
            Badge.Time(page, user.Next.At, due: true);
            page.Write($"</td></tr>\n");
        }

        page.Write($"</tbody></table></div>\n");
    }

    private static void WritePager(HtmlWriter page, string query, CellKind? kind, int number, int pages)
    {
        if (pages == 1)
        {
            return;
        }

        page.Write($"<nav class=\"pager\" aria-label=\"Pages\">");
        if (number > 1)
        {
            page.Write($"<a rel=\"prev\" href=\"/users?q={Uri.EscapeDataString(query)}&amp;state={kind?.Slug()}&amp;page={number - 1}\">before</a>");
        }

        if (number < pages)
        {
            page.Write($"<a rel=\"next\" href=\"/users?q={Uri.EscapeDataString(query)}&amp;state={kind?.Slug()}&amp;page={number + 1}\">next</a>");
        }

        page.Write($"</nav>\n");
    }
}
