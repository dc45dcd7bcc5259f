using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Users;

namespace Reconciler.WebConsole.Pages;

/// <summary>What an operator can do for one user.</summary>
internal static class UserActions
{
    public static void Write(HtmlWriter page, UserState state, bool isLeader, Viewer viewer)
    {
        if (viewer.Session is null)
        {
            return;
        }

        var user = state.User.UserId;
        page.Write($"<section id=\"s-actions\" aria-labelledby=\"h-actions\">\n<h2 id=\"h-actions\">Act</h2>\n<div class=\"forms\">\n");
        if (state.Held is { } held && isLeader)
        {
            Forms.Begin(page, "/actions/approve", viewer, user);
            page.Write($"<h3>Approve what is held back</h3><p>Plan <span class=\"id\">{held.Hash}</span>, as it stands above, once, within ten minutes. When the plan changes, nothing is approved.</p><input type=\"hidden\" name=\"plan\" value=\"{held.Hash}\">");
            Forms.Reason(page, "approve");
            page.Write($"<button class=\"danger\">Approve this plan</button></form>\n");
        }

        if (isLeader)
        {
            Forms.Begin(page, "/actions/force", viewer, user);
            page.Write($"<h3>Force</h3><p>Looked at now; a backoff and a rejected spec are passed over.</p>");
            Forms.Reason(page, "force");
            page.Write($"<button>Force</button></form>\n");
        }
        else
        {
            page.Write($"<p>This process stands by; forces and approvals are taken by the one that leads.</p>\n");
        }

        WritePause(page, state, viewer, user);
        page.Write($"</div>\n</section>\n");
    }

    private static void WritePause(HtmlWriter page, UserState state, Viewer viewer, Guid user)
    {
        if (state.User.Paused)
        {
            Forms.Begin(page, "/actions/unpause", viewer, user);
            page.Write($"<h3>End the pause</h3><p>Of {state.User.PauseOwner ?? "somebody"}: {state.User.PauseReason ?? "no reason given"}</p>");
            Forms.Reason(page, "unpause");
            page.Write($"<button>End the pause</button></form>\n");
            return;
        }

        Forms.Begin(page, "/actions/pause", viewer, user);
        page.Write($"<h3>Pause</h3><p>The controller leaves this user alone.</p>");
        Forms.Reason(page, "pause");
        page.Write($"""
            <label for="for">For</label><select id="for" name="for"><option value="60">an hour</option><option value="480">8 hours</option><option value="1440">a day</option><option value="10080">a week</option><option value="open">without an end</option></select>
            <button>Pause</button></form>

            """);
    }
}
