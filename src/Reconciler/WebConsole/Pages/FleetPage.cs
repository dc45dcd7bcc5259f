using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.History;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The fleet: how it is in one line, everybody as a picture, what is wrong and what happens next, the last hour.</summary>
internal static class FleetPage
{
    public static void Write(
        HtmlWriter page,
        FleetState state,
        FleetSummary summary,
        int roster,
        IReadOnlyList<MinuteOfWork> hour,
        Viewer viewer)
    {
        var worst = summary.Troubles.Count > 0 ? summary.Troubles[0].Kind : CellKind.Ready;
        page.Write($"<section id=\"s-head\" aria-label=\"The fleet now\" data-title=\"{Headline.Title(state, summary)}\">\n<h1 class=\"h-{worst.Slug()}\">{Headline.Of(state, summary)}</h1>\n");
        WriteWorst(page, state, summary);
        FleetFacts.Write(page, state, summary);
        page.Write($"</section>\n");
        WritePicture(page, summary, roster);
        TroubleTable.Write(page, summary);
        Charts.Write(page, hour);
        FleetActions.Write(page, state, viewer);
    }

    private static void WriteWorst(HtmlWriter page, FleetState state, FleetSummary summary)
    {
        if (state.Hold is { } hold)
        {
            page.Write($"<p class=\"alarm\"><b>The tripwire holds.</b> {hold}</p>\n");
        }

        if (state.ImageProblem is { } image)
        {
            page.Write($"<p class=\"alarm\"><b>The image is not resolved.</b> {image}</p>\n");
        }

        if (state.KeyProblem is { } key)
        {
            page.Write($"<p class=\"alarm\"><b>The service key is not rolled out.</b> {key}</p>\n");
        }

        if (summary.Troubles.FirstOrDefault(t => t.Kind is CellKind.Wrong or CellKind.Held) is not { } worst)
        {
            return;
        }

        page.Write($"<p class=\"worst\">");
        Badge.Shape(page, worst.Kind);
        Badge.UserLink(page, worst.Row.UserId, worst.Row.AppName);
        page.Write($" <b>{worst.Reason}</b> {worst.Why}");
        if (worst.Since is { } since)
        {
            page.Write($" <span class=\"next\">since {new At(since)}.</span>");
        }

        page.Write($" <span class=\"next\">Next: {worst.Next.What}");
        if (worst.Next.At is { } at)
        {
            page.Write($", {new At(at, Due: true)}");
        }

        page.Write($".</span></p>\n");
    }

    private static void WritePicture(HtmlWriter page, FleetSummary summary, int roster)
    {
        page.Write($"<section id=\"s-picture\" aria-labelledby=\"h-picture\">\n<h2 id=\"h-picture\">Everybody</h2>\n");
        FleetPicture.Write(page, summary, roster);
        page.Write($"<ul class=\"legend\">");
        foreach (var kind in CellKinds.All.Where(k => summary.Count(k) > 0))
        {
            page.Write($"<li><a href=\"/users?state={kind.Slug()}\">");
            Badge.Shape(page, kind);
            page.Write($"<b>{new Count(summary.Count(kind))}</b> {kind.Word()}</a></li>");
        }

        page.Write($"</ul>\n<p id=\"pointed\" class=\"pointed\" aria-live=\"polite\"></p>\n</section>\n");
    }
}
