using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The small pieces that several pages share.</summary>
internal static class Badge
{
    /// <summary>The kind as its shape and its word, so that colour is never the only sign.</summary>
    public static void Kind(HtmlWriter page, CellKind kind)
    {
        Shape(page, kind);
        page.Write($"<span class=\"word\">{kind.Word()}</span>");
    }

    public static void Shape(HtmlWriter page, CellKind kind)
    {
        page.Write($"<svg class=\"shape\" viewBox=\"0 0 9 9\" width=\"12\" height=\"12\" aria-hidden=\"true\">");
        Shapes.Write(page, kind);
        page.Write($"</svg>");
    }

    /// <param name="page">The page.</param>
    /// <param name="at">Null = a dash.</param>
    /// <param name="due">Something is awaited then.</param>
    public static void Time(HtmlWriter page, DateTimeOffset? at, bool due = false)
    {
        if (at is { } time)
        {
            page.Write($"{new At(time, Due: due)}");
        }
        else
        {
            page.Write($"<span class=\"none\">–</span>");
        }
    }

    public static void UserLink(HtmlWriter page, Guid user, string app) =>
        page.Write($"<a class=\"id\" href=\"/users/{user}\">{app}</a>");
}
