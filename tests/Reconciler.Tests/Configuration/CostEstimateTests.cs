using FlyApi.Contracts;
using Reconciler.Configuration;

namespace Reconciler.Tests.Configuration;

public sealed class CostEstimateTests
{
    [Theory]
    [InlineData("shared", 1, 256, "sin", "2.02")]
    [InlineData("shared", 2, 512, "sin", "4.04")]
    [InlineData("shared", 4, 1024, "sin", "8.08")]
    [InlineData("shared", 2, 4096, "sin", "21.54")]
    [InlineData("shared", 1, 256, "sjc", "2.32")]
    [InlineData("performance", 1, 2048, "sin", "32.19")]
    [InlineData("performance", 2, 8192, "sin", "84.38")]
    [InlineData(null, 2, 512, "sin", "4.04")]
    [InlineData("shared", 2, 256, "sin", "4.04")]
    public void A_machine_costs_its_preset_and_the_memory_beyond_it(string? kind, int cpus, int memoryMb, string region, string usd) =>
        Assert.Equal(decimal.Parse(usd), CostEstimate.MonthlyUsd(new Guest(kind, cpus, memoryMb), region, new PriceTable()));

    [Fact]
    public void The_table_is_configuration()
    {
        var prices = Given.Settings(
            ("Reconciler__Prices__PerSharedCpu", "1"), ("Reconciler__Prices__PerGbExtra", "2"), ("Reconciler__Prices__RegionMarkup__sin", "1.5")).Prices;

        Assert.Equal(6.00m, CostEstimate.MonthlyUsd(new Guest("shared", 2, 1536), "sin", prices));
        Assert.Equal(4.00m, CostEstimate.MonthlyUsd(new Guest("shared", 2, 1536), "ams", prices));
    }
}
