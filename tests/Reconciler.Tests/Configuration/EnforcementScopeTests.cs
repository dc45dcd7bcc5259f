using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

public sealed class EnforcementScopeTests
{
    private static readonly Guid Ada = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");
    private static readonly Guid Ben = Guid.Parse("00000000-0000-0000-0000-0000000000be");

    [Theory]
    [InlineData(null, "pro", true)]
    [InlineData("all", "free", true)]
    [InlineData("elite", "pro", false)]
    [InlineData("elite, pro", "pro", true)]
    [InlineData("63eea370-27a1-4099-866a-e3ed340b278d", "pro", true)]
    [InlineData("63eea370-27a1-4099-866a-e3ed340b278d", "free", true)]
    [InlineData("00000000-0000-0000-0000-0000000000be", "pro", false)]
    [InlineData("elite,63eea370-27a1-4099-866a-e3ed340b278d", "pro", true)]
    public void Only_those_who_are_named_are_acted_on(string? scope, string tier, bool acts) =>
        Assert.Equal(acts, Given.Settings(("Reconciler__EnforceFor", scope)).Acts(Ada, tier));

    [Fact]
    public void Whoever_only_observes_acts_on_nobody() =>
        Assert.False(Given.Settings(("Reconciler__Mode", "Observe"), ("Reconciler__EnforceFor", "all")).Acts(Ben, "pro"));

    [Theory]
    [InlineData("everybody")]
    [InlineData("all, pro")]
    [InlineData("free")]
    [InlineData("pro, ada@example.com")]
    [InlineData(",")]
    public void A_scope_that_names_nobody_we_know_is_refused_and_said(string scope)
    {
        var problem = Assert.Single(Given.Load(("Reconciler__EnforceFor", scope)).Problems);

        Assert.Contains("Reconciler__EnforceFor", problem, StringComparison.Ordinal);
        Assert.Contains("user ids", problem, StringComparison.Ordinal);
    }
}
