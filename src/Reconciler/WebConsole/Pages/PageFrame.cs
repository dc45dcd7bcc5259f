using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>What an action said about itself, shown once on the next page.</summary>
internal sealed record Flash(bool Good, string Message);

/// <summary>What every page has around its content.</summary>
/// <param name="Title">Of the browser's tab.</param>
/// <param name="Path">Of this page; where a sign-in or an action returns to.</param>
/// <param name="Live">Where the content is fetched again from; null = it is not.</param>
/// <param name="Query">What stands in the search box.</param>
internal sealed record PageFrame(string Title, Viewer Viewer, string Path, string? Live = null, Flash? Said = null, string Query = "")
{
    public string Render(Action<HtmlWriter> content)
    {
        var page = new HtmlWriter();
        page.Write($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Title}</title>
            <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/console.css?v={Assets.Version}">
            <script src="/assets/console.js?v={Assets.Version}" defer></script>
            </head>
            <body data-live="{Live}">
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <a class="mark" href="/">Reconciler</a>
            <nav aria-label="Main"><a href="/">Fleet</a><a href="/users">Users</a><a href="/rollout">Rollout</a></nav>
            <form role="search" action="/users"><label class="quiet" for="q">Find a user</label><input id="q" name="q" type="search" value="{Query}" placeholder="app name or user id" autocomplete="off" spellcheck="false"></form>

            """);
        WriteSession(page);
        page.Write($"""
            </header>
            <p id="lost" role="alert" hidden>No answer from the console since <span></span>: what stands here may be old.</p>
            <p id="announce" class="quiet" role="status"></p>
            <main id="main" tabindex="-1">

            """);
        if (Said is { Good: true } good)
        {
            page.Write($"<p class=\"said\" role=\"status\">{good.Message}</p>\n");
        }
        else if (Said is { } bad)
        {
            page.Write($"<p class=\"said bad\" role=\"alert\">{bad.Message}</p>\n");
        }

        page.Write($"<div id=\"live\">\n");
        content(page);
        page.Write($"</div>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private void WriteSession(HtmlWriter page)
    {
        if (Viewer.Session is { } session)
        {
            page.Write($"""
                <form class="session" method="post" action="/session/end"><input type="hidden" name="form" value="{Viewer.FormToken}"><span>{session.Owner}</span> <button>Sign out</button></form>

                """);
        }
        else if (Viewer.Enabled)
        {
            page.Write($"<p class=\"session\"><a href=\"/session?to={Uri.EscapeDataString(Path)}\">Sign in to act</a></p>\n");
        }
        else
        {
            page.Write($"<p class=\"session\">read-only</p>\n");
        }
    }
}
