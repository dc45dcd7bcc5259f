using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Reconciler.Texts;

namespace Reconciler.WebConsole.Html;

/// <summary>
/// Writes HTML from interpolated strings: the literal parts are markup, and everything in a hole is text. The compiler tells the
/// two apart, so no value can become markup by being forgotten; there is no way to write a string unencoded.
/// Attribute values stand in double quotes in the literal parts, and holes for addresses begin with a literal <c>/</c>.
/// </summary>
internal sealed class HtmlWriter
{
    /// <summary>What one value may take of a page: rows hold bounded texts, an edited one must not fill the page.</summary>
    private const int MaxLength = 2_000;

    private readonly StringBuilder _page = new(16 * 1024);

    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup)
    {
        // The handler has written into this writer while the string was put together.
    }

    public override string ToString() => _page.ToString();

    private void Text(string? value)
    {
        foreach (var c in UntrustedText.Clean(value ?? "", MaxLength))
        {
            switch (c)
            {
                case '&': _page.Append("&amp;"); break;
                case '<': _page.Append("&lt;"); break;
                case '>': _page.Append("&gt;"); break;
                case '"': _page.Append("&quot;"); break;
                case '\'': _page.Append("&#39;"); break;
                default: _page.Append(c); break;
            }
        }
    }

    /// <summary>The compiler's own calls; what it accepts in a hole is a closed list.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Markup
    {
        private readonly HtmlWriter _writer;

        public Markup(int literalLength, int formattedCount, HtmlWriter writer)
        {
            _writer = writer;
            writer._page.EnsureCapacity(writer._page.Length + literalLength + (formattedCount * 8));
        }

        public void AppendLiteral(string markup) => _writer._page.Append(markup);

        public void AppendFormatted(string? value) => _writer.Text(value);

        public void AppendFormatted(int value) => _writer._page.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(long value) => _writer._page.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(Guid value) => _writer._page.Append(CultureInfo.InvariantCulture, $"{value}");

        /// <summary>With an own format, for example <c>0.0</c>.</summary>
        public void AppendFormatted(double value, string? format = null) => _writer.Text(value.ToString(format, CultureInfo.InvariantCulture));

        public void AppendFormatted(decimal value, string? format = null) => _writer.Text(value.ToString(format, CultureInfo.InvariantCulture));

        /// <summary>A grouped number for people: <c>n(5000)</c> is 5,000.</summary>
        public void AppendFormatted(Count value) => _writer._page.Append(CultureInfo.InvariantCulture, $"{value.Value:#,0}");

        /// <summary>Path data is made of our own numbers and may be longer than any text from outside.</summary>
        public void AppendFormatted(PathData value)
        {
            foreach (var c in value.Text)
            {
                _writer._page.Append(char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '.' ? c : ' ');
            }
        }

        /// <summary>A point in time that the page's script shows relative to now, too.</summary>
        public void AppendFormatted(At value)
        {
            var utc = value.Time.UtcDateTime;
            var exact = value switch { { Exact: true } => " class=\"exact\"", { Due: true } => " class=\"due\"", _ => "" };
            _writer._page.Append(CultureInfo.InvariantCulture, $"<time datetime=\"{utc:yyyy-MM-ddTHH:mm:ssZ}\"{exact}>{utc:yyyy-MM-dd HH:mm:ss}</time>");
        }
    }
}

/// <summary>A number shown with thousands apart.</summary>
internal readonly record struct Count(int Value);

/// <summary>The <c>d</c> of an SVG path: letters, digits, spaces, points and minus signs, and nothing else gets through.</summary>
internal readonly record struct PathData(string Text);

/// <summary>A point in time, shown in UTC.</summary>
/// <param name="Exact">The page's script leaves it as it is; otherwise it shows how far away it is.</param>
/// <param name="Due">Something is awaited then: once it has passed, it is due.</param>
internal readonly record struct At(DateTimeOffset Time, bool Exact = false, bool Due = false)
{
    public At(DateTime utc, bool exact = false)
        : this(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc)), exact)
    {
    }
}
