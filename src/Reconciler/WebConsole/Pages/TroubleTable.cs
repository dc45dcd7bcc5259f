using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>What is wrong now, since when, why, and what happens next.</summary>
internal static class TroubleTable
{
    public const int Shown = 50;

    public static void Write(HtmlWriter page, FleetSummary summary)
    {
        var troubles = summary.Troubles;
        page.Write($"<section id=\"s-wrong\" aria-labelledby=\"h-wrong\">\n<h2 id=\"h-wrong\">What is wrong now</h2>\n");
        if (troubles.Count == 0)
        {
            page.Write($"<p class=\"calm\">Nothing: everybody is as wished.</p>\n</section>\n");
            return;
        }

        if (troubles.Count > Shown)
        {
            WriteCounts(page, summary);
        }

        page.Write($"""
            <div class="scroll" tabindex="0" role="region" aria-labelledby="c-wrong"><table class="wrong">
            <caption id="c-wrong">{(troubles.Count > Shown ? $"The first {Shown} of {troubles.Count} users who are not as wished, the worst first" : "Users who are not as wished, the worst first")}</caption>
            <thead><tr><th scope="col">User</th><th scope="col">What</th><th scope="col">Since</th><th scope="col">Why</th><th scope="col">What happens next</th><th scope="col">When</th></tr></thead>
            <tbody>

            """);
        foreach (var trouble in troubles.Take(Shown))
        {
            WriteRow(page, trouble);
        }

        page.Write($"</tbody></table></div>\n</section>\n");
    }

    private static void WriteRow(HtmlWriter page, Trouble trouble)
    {
        page.Write($"<tr><th scope=\"row\">");
        Badge.UserLink(page, trouble.Row.UserId, trouble.Row.AppName);
        page.Write($"</th><td class=\"what\">");
        Badge.Shape(page, trouble.Kind);
        page.Write($"<span><b>{trouble.Reason}</b> <small>{trouble.Kind.Word()}</small></span></td><td>");
        Badge.Time(page, trouble.Since);
        page.Write($"</td><td class=\"why\">{trouble.Why}");
        if (trouble.Row.Retries > 0)
        {
            page.Write($" <small>{trouble.Row.Retries} {(trouble.Row.Retries == 1 ? "try" : "tries")} so far</small>");
        }

        page.Write($"</td><td class=\"next\">");
        if (trouble.Next.NeedsPerson)
        {
            page.Write($"<b class=\"person\">needs a person</b> ");
        }

        page.Write($"{trouble.Next.What}</td><td>");
        Badge.Time(page, trouble.Next.At, due: true);
        page.Write($"</td></tr>\n");
    }

    private static void WriteCounts(HtmlWriter page, FleetSummary summary)
    {
        page.Write($"<ul class=\"counts\">");
        foreach (var (key, count) in summary.Troubles.CountBy(t => (t.Kind, t.Reason)).OrderBy(g => g.Key.Kind).ThenByDescending(g => g.Value).Take(12))
        {
            page.Write($"<li><a href=\"/users?state={key.Kind.Slug()}\">");
            Badge.Shape(page, key.Kind);
            page.Write($"<b>{new Count(count)}</b> {key.Reason}</a></li>");
        }

        page.Write($"</ul>\n");
    }
}
