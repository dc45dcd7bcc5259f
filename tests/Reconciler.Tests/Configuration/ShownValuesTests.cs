using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

public sealed class ShownValuesTests
{
    [Theory]
    [InlineData("FlyV1 fm2_abc")]
    [InlineData("fm1r_abc")]
    [InlineData("fm1a_abc")]
    [InlineData("FM2_abc")]
    [InlineData("fo1_abc")]
    [InlineData("sb_secret_abc")]
    [InlineData("sbp_abc")]
    [InlineData("eyJhbGciOi")]
    [InlineData("AIzaSyAbc")]
    [InlineData("my PassWord is x")]
    [InlineData("postgres://host/db")]
    [InlineData("postgresql://host/db")]
    [InlineData("sk-abc")]
    [InlineData("https://me:you@host")]
    public void What_looks_like_a_secret_is_not_repeated_wherever_it_was_pasted(string value)
    {
        var shown = new ShownValues();

        Assert.Equal("a value that is not shown, because it looks like a secret", shown.Show(value));
        Assert.Equal(value.StartsWith("sk-", StringComparison.Ordinal), !shown.LooksSecret("before " + value));
    }

    [Theory]
    [InlineData("sin")]
    [InlineData("https://abc.supabase.co")]
    [InlineData("a risk-free value")]
    public void Anything_else_is_shown_in_quotes(string value) => Assert.Equal($"'{value}'", new ShownValues().Show(value));

    [Fact]
    public void A_secret_that_is_known_is_not_repeated_in_another_variable()
    {
        var shown = new ShownValues();
        shown.Hide("correct horse");

        Assert.True(shown.LooksSecret("the correct horse runs"));
        Assert.False(shown.LooksSecret("the horse runs"));
    }
}
