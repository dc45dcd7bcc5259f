using FlyApi.Contracts;
using Reconciler.Configuration;
using Reconciler.Model;

namespace Reconciler.Tests.Configuration;

public sealed class GuestTextTests
{
    [Theory]
    [InlineData("shared-cpu-2x:512MB", "shared", 2, 512)]
    [InlineData("shared-cpu-2x", "shared", 2, 512)]
    [InlineData("shared-cpu-4x:1GB", "shared", 4, 1024)]
    [InlineData("shared-1x:256", "shared", 1, 256)]
    [InlineData("shared-cpu-8x : 2048 mb", "shared", 8, 2048)]
    [InlineData("performance-1x", "performance", 1, 2048)]
    [InlineData("performance-cpu-16x:64GB", "performance", 16, 65_536)]
    public void A_guest_is_read_as_people_write_it(string text, string kind, int cpus, int memoryMb)
    {
        Assert.True(GuestText.TryParse(text, out var guest));

        Assert.Equal(new Guest(kind, cpus, memoryMb), guest);
        Assert.Null(GuestRules.Problem(guest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2x")]
    [InlineData("-2x")]
    [InlineData("shared-cpu-x")]
    [InlineData("shared-cpu-2")]
    [InlineData("shared-cpu-0x")]
    [InlineData("shared-cpu--2x")]
    [InlineData("gpu-1x")]
    [InlineData("shared-cpu-2x:")]
    [InlineData("shared-cpu-2x:half")]
    [InlineData("shared-cpu-2x:512MB:1")]
    [InlineData("shared-cpu-2x:9999999999GB")]
    public void Anything_else_is_not_a_guest(string text) => Assert.False(GuestText.TryParse(text, out _));

    [Theory]
    [InlineData("shared", 1, 256, true)]
    [InlineData("shared", 2, 512, true)]
    [InlineData("shared", 2, 256, false)]
    [InlineData("shared", 2, 4096, true)]
    [InlineData("shared", 2, 4352, false)]
    [InlineData("shared", 2, 600, false)]
    [InlineData("shared", 3, 1024, false)]
    [InlineData("shared", 8, 2048, true)]
    [InlineData("shared", 16, 4096, false)]
    [InlineData("performance", 1, 2048, true)]
    [InlineData("performance", 1, 1024, false)]
    [InlineData("performance", 1, 8192, true)]
    [InlineData("performance", 1, 9216, false)]
    [InlineData("performance", 2, 4608, false)]
    [InlineData("performance", 2, 5120, true)]
    [InlineData("performance", 3, 6144, false)]
    [InlineData("performance", 16, 131_072, true)]
    [InlineData("performance", 18, 65_536, false)]
    [InlineData(null, 1, 256, false)]
    public void Flys_rules_for_guests_are_known(string? kind, int cpus, int memoryMb, bool valid) =>
        Assert.Equal(valid, GuestRules.Problem(new Guest(kind, cpus, memoryMb)) is null);
}
