using System.Globalization;
using System.Text;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Users;
using Store;

namespace Reconciler.WebConsole.Pages;

/// <summary>What happened to one user: the health as a strip, and every transition.</summary>
internal static class UserHistory
{
    private const int Width = 1080;

    public static void Write(HtmlWriter page, UserState state)
    {
        WriteHealth(page, state.HealthEvents, state.PlannedAt);
        WriteEvents(page, state.Events);
    }

    private static void WriteHealth(HtmlWriter page, IReadOnlyList<StoredEvent> events, DateTimeOffset now)
    {
        page.Write($"<section id=\"s-health\" aria-labelledby=\"h-health\">\n<h2 id=\"h-health\">Health</h2>\n");
        if (events.Count == 0)
        {
            page.Write($"<p class=\"key\">No change of health has been seen.</p>\n</section>\n");
            return;
        }

        var oldest = events[^1].At;
        page.Write($"<svg class=\"strip\" role=\"img\" aria-label=\"Health since {oldest.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC; the table below says when it changed\" viewBox=\"0 0 {Width} 14\" preserveAspectRatio=\"none\">");
        page.Write($"<path class=\"good\" d=\"{Strip(events, now, "health_check_passed", 10)}\"/><path class=\"ill\" d=\"{Strip(events, now, "health_check_failed", 14)}\"/></svg>\n");
        page.Write($"""
            <table><caption>Changes of health, newest first (UTC); tall and red in the strip: not healthy</caption>
            <thead><tr><th scope="col">When</th><th scope="col">Became</th><th scope="col">What was seen</th></tr></thead><tbody>

            """);
        foreach (var change in events.Take(12))
        {
            var became = change.Type == "health_check_passed" ? "healthy" : "not healthy";
            page.Write($"<tr><td>{new At(change.At, exact: true)}</td><th scope=\"row\">{became}</th><td class=\"why\">{EventText.Message(change)}</td></tr>\n");
        }

        page.Write($"</tbody></table>\n</section>\n");
    }

    /// <summary>From each change to the next, or to now; time runs to the right.</summary>
    private static PathData Strip(IReadOnlyList<StoredEvent> newestFirst, DateTimeOffset now, string type, int height)
    {
        var begin = newestFirst[^1].At;
        var span = Math.Max(1, (now.UtcDateTime - begin).TotalSeconds);
        var path = new StringBuilder();
        var end = now.UtcDateTime;
        foreach (var change in newestFirst)
        {
            if (change.Type == type)
            {
                var x = (change.At - begin).TotalSeconds / span * Width;
                var width = Math.Max(1, (end - change.At).TotalSeconds / span * Width);
                path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {14 - height}h{width:0.#}v{height}h-{width:0.#}z");
            }

            end = change.At;
        }

        return new PathData(path.ToString());
    }

    private static void WriteEvents(HtmlWriter page, IReadOnlyList<StoredEvent> events)
    {
        page.Write($"<section id=\"s-events\" aria-labelledby=\"h-events\">\n<h2 id=\"h-events\">What happened</h2>\n");
        if (events.Count == 0)
        {
            page.Write($"<p class=\"key\">Nothing has been recorded.</p>\n</section>\n");
            return;
        }

        page.Write($"""
            <div class="scroll" tabindex="0" role="region" aria-labelledby="c-events"><table><caption id="c-events">Transitions, newest first (UTC)</caption>
            <thead><tr><th scope="col">When</th><th scope="col">Event</th><th scope="col">Reason</th><th scope="col">What</th></tr></thead><tbody>

            """);
        foreach (var line in events)
        {
            page.Write($"<tr><td>{new At(line.At, exact: true)}</td><th scope=\"row\">{line.Type.Replace('_', ' ')}</th><td>{EventText.Field(line, "reason")}</td><td class=\"why\">{EventText.Message(line)}");
            if (EventText.Field(line, "steps") is { Length: > 0 } steps)
            {
                page.Write($" <small>{steps}</small>");
            }

            if (EventText.Field(line, "drift") is { Length: > 0 } drift)
            {
                page.Write($" <small>{drift}</small>");
            }

            page.Write($"</td></tr>\n");
        }

        page.Write($"</tbody></table></div>\n</section>\n");
    }
}
