using Reconciler.WebConsole.Html;

namespace ConsoleTests.Units;

public sealed class HtmlWriterTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;")]
    [InlineData("\" onmouseover=\"x", "&quot; onmouseover=&quot;x")]
    [InlineData("' autofocus onfocus='x", "&#39; autofocus onfocus=&#39;x")]
    [InlineData("&lt;b&gt;", "&amp;lt;b&amp;gt;")]
    [InlineData("a\u202Egnp.exe", "a?gnp.exe")]
    [InlineData("zero\0, bell\u0007, line\nbreak", "zero?, bell?, line?break")]
    [InlineData("日本 🙂", "日本 🙂")]
    [InlineData(null, "")]
    public void What_stands_in_a_hole_is_text(string? value, string written)
    {
        var page = new HtmlWriter();
        page.Write($"<td title=\"{value}\">{value}</td>");

        Assert.Equal($"<td title=\"{written}\">{written}</td>", page.ToString());
    }

    [Fact]
    public void Half_a_character_is_a_question_mark()
    {
        var page = new HtmlWriter();
        page.Write($"{"a" + (char)0xD800}");

        Assert.Equal("a?", page.ToString());
    }

    [Fact]
    public void A_text_without_end_does_not_fill_the_page()
    {
        var page = new HtmlWriter();
        page.Write($"{new string('x', 1_000_000)}");

        Assert.InRange(page.ToString().Length, 1_000, 3_000);
    }

    [Fact]
    public void Path_data_cannot_leave_its_attribute()
    {
        var page = new HtmlWriter();
        page.Write($"<path d=\"{new PathData("M1 1h2\"/><script>")}\"/>");

        Assert.Equal("<path d=\"M1 1h2    script \"/>", page.ToString());
    }

    [Fact]
    public void Numbers_and_times_are_written_the_same_everywhere()
    {
        var page = new HtmlWriter();
        page.Write($"{new Count(5000)} {12} {1.25:0.0} {new At(new DateTime(2026, 3, 1, 9, 5, 7, DateTimeKind.Utc))}");

        Assert.Equal("5,000 12 1.3 <time datetime=\"2026-03-01T09:05:07Z\">2026-03-01 09:05:07</time>", page.ToString());
    }
}
