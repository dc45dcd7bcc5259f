using System.Text;
using Reconciler.Signals;

namespace Reconciler.Tests.Signals;

public sealed class SignalTextTests
{
    private static SignalText Parse(byte[] bytes)
    {
        Assert.True(SignalText.TryParse(bytes, 100_000, out var text, out var problem), problem);
        return text;
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData(" \r\n\t\r\n")]
    [InlineData("*")]
    [InlineData("\"*\"\n")]
    [InlineData("alice\n*\nbob\n")]
    [InlineData("# only a comment\n")]
    [InlineData("''\n")]
    [InlineData("\uFEFF")]
    public void Nothing_or_a_star_means_everyone(string content)
    {
        var text = Parse(Encoding.UTF8.GetBytes(content));

        Assert.True(text.Everyone);
        Assert.Empty(text.Names);
    }

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("alice\nbob\n", "alice,bob")]
    [InlineData("alice\r\nbob\r\n", "alice,bob")]
    [InlineData("\uFEFFalice\n", "alice")]
    [InlineData("  alice  \n\n # note\n\"bob\"\n'carol'\n", "alice,bob,carol")]
    [InlineData("bob\nalice\nbob\n", "bob,alice")]
    [InlineData("\"half\n", "\"half")]
    [InlineData("vyx-user-35682909\n63eea370-27a1-4099-866a-e3ed340b278d\n", "vyx-user-35682909,63eea370-27a1-4099-866a-e3ed340b278d")]
    public void Each_line_names_one_user_or_app_once(string content, string names)
    {
        var text = Parse(Encoding.UTF8.GetBytes(content));

        Assert.False(text.Everyone);
        Assert.Equal(names.Split(','), text.Names);
    }

    [Fact]
    public void What_an_older_powershell_echoes_is_understood()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Equal(["alice"], Parse([.. encoding.GetPreamble(), .. encoding.GetBytes("alice\r\n")]).Names);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 }, "not UTF-8 text")]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x61 }, "not UTF-8 text")]
    [InlineData(new byte[] { 0x61, 0x00, 0x62 }, "line 1 contains control characters")]
    [InlineData(new byte[] { 0x61, 0x0A, 0x1B, 0x5B, 0x32, 0x4A }, "line 2 contains control characters")]
    public void Binary_junk_is_refused_with_the_reason(byte[] bytes, string says)
    {
        Assert.False(SignalText.TryParse(bytes, 100_000, out _, out var problem));
        Assert.Contains(says, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_many_lines_and_too_long_lines_are_refused_and_the_last_allowed_ones_are_not()
    {
        Assert.True(SignalText.TryParse("a\nb\nc\n"u8, 3, out _, out _));
        Assert.False(SignalText.TryParse("a\nb\nc\nd\n"u8, 3, out _, out var lines));
        Assert.True(SignalText.TryParse(Encoding.UTF8.GetBytes(new string('x', 200)), 3, out _, out _));
        Assert.False(SignalText.TryParse(Encoding.UTF8.GetBytes(new string('x', 201)), 3, out _, out var longest));

        Assert.Contains("more than 3 lines", lines, StringComparison.Ordinal);
        Assert.Contains("line 1 has 201 characters", longest, StringComparison.Ordinal);
    }
}
