using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The shape of each kind in a square of 10 by 10. Shapes differ, so that the picture can be read without its colours.</summary>
internal static class Shapes
{
    public static void Write(HtmlWriter page, CellKind kind)
    {
        switch (kind)
        {
            case CellKind.Wrong:
                page.Write($"<g class=\"k-wrong\"><rect class=\"fill\" width=\"9\" height=\"9\"/><path class=\"cut\" d=\"M2 2l5 5M7 2l-5 5\"/></g>");
                break;
            case CellKind.Held:
                page.Write($"<g class=\"k-held\"><rect class=\"line\" x=\"1\" y=\"1\" width=\"7\" height=\"7\"/><rect class=\"fill\" x=\"3\" y=\"3\" width=\"3\" height=\"3\"/></g>");
                break;
            case CellKind.Paused:
                page.Write($"<g class=\"k-paused\"><path class=\"fill\" d=\"M1 0h2.5v9h-2.5zM5.5 0h2.5v9h-2.5z\"/></g>");
                break;
            case CellKind.Moving:
                page.Write($"<g class=\"k-moving\"><rect class=\"soft\" width=\"9\" height=\"9\"/><path class=\"fill\" d=\"M0 9V0l9 9z\"/></g>");
                break;
            case CellKind.Unknown:
                page.Write($"<g class=\"k-unknown\"><rect class=\"line\" x=\"1\" y=\"1\" width=\"7\" height=\"7\"/></g>");
                break;
            case CellKind.Leaving:
                page.Write($"<g class=\"k-leaving\"><rect class=\"fill\" x=\"3\" y=\"3\" width=\"3\" height=\"3\"/></g>");
                break;
            default:
                page.Write($"<g class=\"k-ready\"><rect class=\"fill\" width=\"9\" height=\"9\"/></g>");
                break;
        }
    }
}
