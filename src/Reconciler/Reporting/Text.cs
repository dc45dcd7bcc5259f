namespace Reconciler.Reporting;

/// <summary>Texts from outside, made fit to be stored and shown.</summary>
internal static class Text
{
    private const int MaxLength = 600;

    /// <summary>Control characters become spaces, and what is longer than 600 characters is cut.</summary>
    public static string Shorten(string text)
    {
        var length = Math.Min(text.Length, MaxLength);
        return string.Create(length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
    }
}
