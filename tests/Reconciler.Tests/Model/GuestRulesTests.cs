using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Tests.Model;

public sealed class GuestRulesTests
{
    [Theory]
    [InlineData("shared", 1, 256)]
    [InlineData("shared", 2, 512)]
    [InlineData("shared", 8, 16384)]
    [InlineData("performance", 1, 2048)]
    [InlineData("performance", 16, 131072)]
    public void What_Fly_takes_passes(string kind, int cpus, int memory) => Assert.Null(GuestRules.Problem(new Guest(kind, cpus, memory)));

    [Theory]
    [InlineData("shared", 3, 1024)]
    [InlineData("shared", 0, 256)]
    [InlineData("shared", 2, 256)]
    [InlineData("shared", 2, 700)]
    [InlineData("shared", 1, 4096)]
    [InlineData("performance", 3, 8192)]
    [InlineData("performance", 1, 1024)]
    [InlineData("performance", 1, 2560)]
    [InlineData("Shared", 1, 256)]
    [InlineData(null, 1, 256)]
    public void What_Fly_refuses_is_refused_here(string? kind, int cpus, int memory) => Assert.NotNull(GuestRules.Problem(new Guest(kind, cpus, memory)));
}
