using System.Reflection;
using Reconciler.Model;
using Reconciler.Telemetry;

namespace Reconciler.Tests.Telemetry;

public sealed class ReasonClassTests
{
    public static TheoryData<string> All =>
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_reason_of_ours_has_a_class(string reason) => Assert.NotEqual(ReasonClass.Other, ReasonClass.Of(reason));

    [Theory]
    [InlineData(null, "new")]
    [InlineData("", "other")]
    [InlineData("SomebodyElsesWord", "other")]
    public void What_is_not_ours_adds_no_label(string? reason, string expected) => Assert.Equal(expected, ReasonClass.Of(reason));
}
