using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Reconciler.Telemetry;

namespace Reconciler.Tests.Telemetry;

public sealed class LogLevelsTests
{
    [Fact]
    public void Each_line_gives_a_category_its_level()
    {
        var levels = LogLevels.Parse("# why\r\nDefault = warning\r\n\r\nReconciler.Applying=Debug\r\n", out var problems);

        Assert.Empty(problems);
        Assert.Equal([("Default", LogLevel.Warning), ("Reconciler.Applying", LogLevel.Debug)], levels.Select(l => (l.Key, l.Value)));
    }

    [Theory]
    [InlineData("Debug")]
    [InlineData("=Debug")]
    [InlineData("Reconciler=")]
    [InlineData("Reconciler=Loud")]
    [InlineData("Reconciler=1")]
    [InlineData("Reconciler=99")]
    [InlineData("Logging:Console=Debug")]
    public void A_line_that_is_none_is_told_by_its_number_and_hurts_no_other(string line)
    {
        var levels = LogLevels.Parse($"Npgsql=Error\n{line}\nStore=Trace", out var problems);

        Assert.Equal([2], problems);
        Assert.Equal(["Npgsql", "Store"], levels.Keys);
    }

    [Fact]
    public void What_is_no_longer_given_is_as_configured_again()
    {
        var levels = new LogLevels();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Logging:LogLevel:Store", "Warning")]).Add(levels).Build();

        levels.Replace(new Dictionary<string, LogLevel> { ["Store"] = LogLevel.Debug });
        Assert.Equal("Debug", configuration["Logging:LogLevel:Store"]);

        levels.Replace(new Dictionary<string, LogLevel>());
        Assert.Equal("Warning", configuration["Logging:LogLevel:Store"]);
    }
}
