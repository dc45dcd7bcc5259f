using CsCheck;
using FlyApi.Errors;

namespace FlyApi.Tests;

public sealed class FlyErrorTextTests
{
    [Fact]
    public void Line_breaks_and_terminal_codes_cannot_forge_a_log_line() =>
        Assert.Equal("a b  c [31m d e", FlyErrorText.Clean("a\nb\r\nc\u001b[31m\u2028d\u202ee", []));

    [Fact]
    public void Long_texts_are_cut() => Assert.Equal(FlyErrorText.MaxLength, FlyErrorText.Clean(new string('x', 100_000), []).Length);

    [Theory]
    [InlineData("value sk-proj-0123456789 is bad", "value [redacted] is bad")]
    [InlineData("value 'sk-proj-01…' is bad", "value '[redacted]…' is bad")]
    [InlineData("…456789", "…456789")]
    [InlineData("sk-proj-0123456789sk-proj-0123456789", "[redacted]")]
    public void An_echoed_secret_is_blanked_whole_or_cut_short(string text, string expected) =>
        Assert.Equal(expected, FlyErrorText.Clean(text, ["sk-proj-0123456789"]));

    [Fact]
    public void A_secret_that_the_cut_would_split_is_blanked_first()
    {
        var secret = "supersecretvalue";

        Assert.DoesNotContain("supers", FlyErrorText.Clean(new string('x', 490) + secret, [secret]), StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_whatever_lets_a_secret_or_a_control_character_through() => Gen.Select(Gen.String, Gen.String[4, 40], Gen.String).Sample(
        (before, secret, after) =>
        {
            var clean = FlyErrorText.Clean(before + secret + after, [secret]);
            return clean.Length <= FlyErrorText.MaxLength
                && !clean.Any(char.IsControl)
                && (secret.Any(char.IsControl) || "[redacted]".Contains(secret, StringComparison.Ordinal)
                    || !clean.Contains(secret, StringComparison.Ordinal));
        });
}
