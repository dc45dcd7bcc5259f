using Reconciler.Texts;

namespace Reconciler.Reporting;

/// <summary>Texts from outside, made fit to stand in a row, a condition or an event.</summary>
internal static class Text
{
    private const int MaxLength = 600;

    public static string Shorten(string text) => UntrustedText.Clean(text.ReplaceLineEndings(" ").Replace('\t', ' '), MaxLength);
}
