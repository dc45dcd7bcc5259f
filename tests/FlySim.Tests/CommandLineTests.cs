namespace FlySim.Tests;

public sealed class CommandLineTests
{
    [Fact]
    public void Options_are_read_by_name()
    {
        var options = CommandLine.Parse(
        [
            "--port", "5001", "--org", "acme", "--token", "t", "--latency-ms", "5", "--boot-ms", "6", "--list-lag-ms", "7",
            "--rate-limits", "off", "--seed", "8", "--default-region", "sin", "--rate-limit-scale", "2.5", "--secrets-lag-ms", "9",
        ]);

        Assert.Equal((5001, "acme", "t", 8, "sin"), (options.Port, options.Org, options.Token, options.Seed, options.DefaultRegion));
        Assert.Equal(
            (5, 6, 7, 9, false, 2.5),
            (options.Settings.LatencyMs, options.Settings.BootMs, options.Settings.ListLagMs, options.Settings.SecretsLagMs,
                options.Settings.RateLimits, options.Settings.RateLimitScale));
    }

    [Theory]
    [InlineData("--prot", "1")]
    [InlineData("--port", "many")]
    [InlineData("--port", null)]
    [InlineData("--rate-limits", "perhaps")]
    [InlineData("--grace-scale", "-1")]
    [InlineData("--host", "somewhere")]
    public void What_cannot_be_read_is_refused(string name, string? value)
    {
        string[] args = value is null ? [name] : [name, value];

        Assert.Throws<FormatException>(() => CommandLine.Parse(args));
    }
}
