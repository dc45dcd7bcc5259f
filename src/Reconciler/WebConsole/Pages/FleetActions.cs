using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Actions;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;
using Store;

namespace Reconciler.WebConsole.Pages;

/// <summary>What an operator can do for the whole fleet, and what operators did.</summary>
internal static class FleetActions
{
    public static void Write(HtmlWriter page, FleetState state, Viewer viewer)
    {
        if (viewer.Session is not null)
        {
            page.Write($"<section id=\"s-actions\" aria-labelledby=\"h-actions\">\n<h2 id=\"h-actions\">Act</h2>\n<div class=\"forms\">\n");
            if (state.Hold is not null)
            {
                Forms.Begin(page, "/actions/release-hold", viewer, null);
                page.Write($"<h3>Release the hold</h3><p>Only when it is right that so many lost their tier: stops and destructions then go on, within the budget.</p>");
                Forms.Reason(page, "release");
                page.Write($"<button class=\"danger\">Release the hold</button></form>\n");
            }

            if (state.IsLeader)
            {
                Forms.Begin(page, "/actions/force", viewer, null);
                page.Write($"<h3>Force everybody</h3><p>Every user is looked at now; waits are passed over.</p>");
                Forms.Reason(page, "force-all");
                page.Write($"<button>Force everybody</button></form>\n");
            }
            else
            {
                page.Write($"<p>This process stands by; forces and approvals are taken by the one that leads.</p>\n");
            }

            page.Write($"</div>\n</section>\n");
        }

        WriteJournal(page, state.Actions);
    }

    /// <summary>The newest actions, of one user or of everybody.</summary>
    public static void WriteJournal(HtmlWriter page, IReadOnlyList<OperatorAction> actions)
    {
        if (actions.Count == 0)
        {
            return;
        }

        page.Write($"""
            <section id="s-journal" aria-labelledby="h-journal">
            <h2 id="h-journal">What operators did</h2>
            <table><caption>The newest actions, newest first (UTC)</caption>
            <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">Whom</th><th scope="col">Why</th></tr></thead><tbody>

            """);
        foreach (var action in actions)
        {
            page.Write($"<tr><td>{new At(action.At, exact: true)}</td><th scope=\"row\">{action.Owner}</th><td>{action.Action}</td><td>");
            if (action.UserId is { } user)
            {
                page.Write($"<a class=\"id\" href=\"/users/{user}\">{user}</a>");
            }
            else
            {
                page.Write($"everybody");
            }

            page.Write($"</td><td>{action.Reason}");
            if (action.Action == "approve-destroy")
            {
                page.Write($" <small>plan <span class=\"id\">{action.Detail}</span></small>");
            }

            page.Write($"</td></tr>\n");
        }

        page.Write($"</tbody></table>\n</section>\n");
    }
}

/// <summary>The parts of every form that acts.</summary>
internal static class Forms
{
    public static void Begin(HtmlWriter page, string action, Viewer viewer, Guid? user)
    {
        page.Write($"<form class=\"act\" method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"form\" value=\"{viewer.FormToken}\">");
        if (user is { } id)
        {
            page.Write($"<input type=\"hidden\" name=\"user\" value=\"{id}\">");
        }
    }

    /// <param name="page">The page.</param>
    /// <param name="id">Distinguishes the fields of one page.</param>
    public static void Reason(HtmlWriter page, string id) => page.Write(
        $"<label for=\"why-{id}\">Why</label><input id=\"why-{id}\" name=\"reason\" required maxlength=\"{ActionForm.MaxReason}\" autocomplete=\"off\">");
}
