using FlyApi.Transport;

namespace FlyApi.Tests;

public sealed class FlyTokenTests
{
    [Theory]
    [InlineData("fm2_abc,fm2_def", "FlyV1 fm2_abc,fm2_def")]
    [InlineData("FlyV1 fm2_abc,fm2_def", "FlyV1 fm2_abc,fm2_def")]
    [InlineData("Bearer fm1r_abc", "FlyV1 fm1r_abc")]
    [InlineData("  flyv1 fm1a_abc\n", "FlyV1 fm1a_abc")]
    [InlineData("other,fm2_abc", "FlyV1 other,fm2_abc")]
    [InlineData("Bearer old-token", "Bearer old-token")]
    [InlineData("old-token", "Bearer old-token")]
    public void The_scheme_follows_the_tokens_form(string configured, string header) =>
        Assert.Equal(header, FlyToken.ForApi(configured).ToString());
}
