using System.Globalization;
using System.Text;
using Reconciler.WebConsole.History;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The last hour as two small charts; each says its numbers in words and as a table, too.</summary>
internal static class Charts
{
    private const int Width = 540;
    private const int Height = 90;
    private const int Step = Width / MinuteRing.Minutes;

    public static void Write(HtmlWriter page, IReadOnlyList<MinuteOfWork> hour)
    {
        page.Write($"<section id=\"s-hour\" aria-labelledby=\"h-hour\">\n<h2 id=\"h-hour\">The last hour, seen by this process</h2>\n<div class=\"charts\">\n");
        WriteConvergence(page, hour);
        WriteCalls(page, hour);
        page.Write($"</div>\n");
        WriteTable(page, hour);
        page.Write($"</section>\n");
    }

    private static void WriteConvergence(HtmlWriter page, IReadOnlyList<MinuteOfWork> hour)
    {
        var top = hour.Max(m => m.Slowest);
        var (count, slowest) = (hour.Sum(m => m.Converged), top);
        page.Write($"<figure><figcaption><b>From wish to ready</b> ");
        if (count == 0)
        {
            page.Write($"nobody had anything to converge to");
        }
        else if (count == 1)
        {
            page.Write($"once; it took {slowest:0.0} s");
        }
        else
        {
            page.Write($"{new Count(count)} times; the slowest took {slowest:0.0} s");
        }

        page.Write($"</figcaption>\n");
        Begin(page, "Median and slowest convergence, by minute", top, "s");
        page.Write($"<path class=\"bar faint\" d=\"{Bars(hour, m => m.Slowest, _ => 0, top)}\"/>");
        page.Write($"<path class=\"bar\" d=\"{Bars(hour, m => m.Median, _ => 0, top)}\"/>");
        End(page, "strong: the minute's median; pale: its slowest");
    }

    private static void WriteCalls(HtmlWriter page, IReadOnlyList<MinuteOfWork> hour)
    {
        var top = hour.Max(m => m.Calls + m.FailedCalls);
        var failed = hour.Sum(m => m.FailedCalls);
        page.Write($"<figure><figcaption><b>Calls to Fly</b> {new Count(hour.Sum(m => m.Calls) + failed)}, of which {new Count(failed)} failed</figcaption>\n");
        Begin(page, "Calls to Fly and failed ones, by minute", top, "");
        page.Write($"<path class=\"bar\" d=\"{Bars(hour, m => m.Calls, _ => 0, top)}\"/>");
        page.Write($"<path class=\"bar bad\" d=\"{Bars(hour, m => m.FailedCalls, m => m.Calls, top)}\"/>");
        End(page, "on top, in red: those that failed");
    }

    private static void Begin(HtmlWriter page, string label, double top, string unit) => page.Write($"""
        <svg class="chart" role="img" aria-label="{label}" viewBox="0 0 {Width} {Height + 16}">
        <path class="axis" d="M0 {Height}.5h{Width}M0 .5h{Width}"/>
        <text x="2" y="11">{Top(top)} {unit}</text><text x="0" y="{Height + 13}">an hour ago</text><text x="{Width}" y="{Height + 13}" text-anchor="end">now</text>

        """);

    private static void End(HtmlWriter page, string key) => page.Write($"</svg><p class=\"key\">{key}</p></figure>\n");

    private static string Top(double top) => top == 0 ? "0" : top.ToString(top < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static PathData Bars(IReadOnlyList<MinuteOfWork> hour, Func<MinuteOfWork, double> value, Func<MinuteOfWork, double> below, double top)
    {
        var path = new StringBuilder();
        for (var i = 0; i < hour.Count && top > 0; i++)
        {
            if (value(hour[i]) is > 0 and var amount)
            {
                // At least one pixel: a minute in which something happened is never empty.
                var (height, floor) = (Math.Max(1, amount / top * (Height - 2)), below(hour[i]) / top * (Height - 2));
                path.Append(CultureInfo.InvariantCulture, $"M{(i * Step) + 1} {Height - floor:0.#}v-{height:0.#}h{Step - 2}v{height:0.#}z");
            }
        }

        return new PathData(path.ToString());
    }

    private static void WriteTable(HtmlWriter page, IReadOnlyList<MinuteOfWork> hour)
    {
        page.Write($"""
            <details id="hour-table"><summary>The same as a table</summary><table>
            <caption>Minutes in which something happened, the newest first (UTC)</caption>
            <thead><tr><th scope="col">Minute</th><th scope="col">Converged</th><th scope="col">Median</th><th scope="col">Slowest</th><th scope="col">Calls</th><th scope="col">Failed</th></tr></thead><tbody>

            """);
        foreach (var minute in hour.Reverse().Where(m => m.Calls + m.FailedCalls + m.Converged > 0))
        {
            var at = minute.Start.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
            page.Write($"<tr><th scope=\"row\">{at}</th><td>{minute.Converged}</td><td>{minute.Median:0.0} s</td><td>{minute.Slowest:0.0} s</td><td>{minute.Calls}</td><td>{minute.FailedCalls}</td></tr>\n");
        }

        page.Write($"</tbody></table></details>\n");
    }
}
