using Reconciler.WebConsole.Actions;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>Pages without data of the fleet: sign-in, refusals, what is not there.</summary>
internal static class PlainPages
{
    public static void SignIn(HtmlWriter page, string returnTo, string? problem)
    {
        page.Write($"<section class=\"narrow\">\n<h1>Sign in to act</h1>\n<p>Looking needs no sign-in. The name stands in the journal beside what you do.</p>\n");
        if (problem is not null)
        {
            page.Write($"<p class=\"said bad\" role=\"alert\">{problem}</p>\n");
        }

        page.Write($"""
            <form class="act" method="post" action="/session"><input type="hidden" name="to" value="{returnTo}">
            <label for="owner">Your name</label><input id="owner" name="owner" required maxlength="{ActionForm.MaxOwner}" autocomplete="username">
            <label for="token">Token</label><input id="token" name="token" type="password" required autocomplete="current-password">
            <button>Sign in</button></form>
            </section>

            """);
    }

    public static void NotFound(HtmlWriter page, string asked) => page.Write($"""
        <section class="narrow">
        <h1>Nothing is here</h1>
        <p>There is no page or user <span class="id">{asked}</span>.</p>
        <ul>
        <li><a href="/">The fleet</a>: what is wrong now, and what happens next</li>
        <li><a href="/users">All users</a>; or search above for a part of an app name or of a user id</li>
        <li>A user whose account was deleted is found by the app's whole name until the app is gone</li>
        </ul>
        </section>

        """);

    public static void Refused(HtmlWriter page, string why) => page.Write($"""
        <section class="narrow">
        <h1>Not done</h1>
        <p>{why}</p>
        <p><a href="/">Back to the fleet</a></p>
        </section>

        """);

    /// <summary>The daemon lives and has no data to show.</summary>
    public static void NoData(HtmlWriter page, string why) => page.Write($"""
        <section id="s-head" class="narrow" data-title="No data – Reconciler">
        <h1>No data yet</h1>
        <p>{why}</p>
        <p>This page looks again by itself.</p>
        </section>

        """);
}
