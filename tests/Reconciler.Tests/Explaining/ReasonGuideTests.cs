using System.Reflection;
using Reconciler.Explaining;
using Reconciler.Model;

namespace Reconciler.Tests.Explaining;

public sealed class ReasonGuideTests
{
    private static readonly string[] Names =
        [.. typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!)];

    public static TheoryData<string> Every { get; } = [.. Names];

    [Theory]
    [MemberData(nameof(Every))]
    public void Every_reason_is_explained(string reason)
    {
        Assert.True(ReasonGuide.All.TryGetValue(reason, out var advice), $"{reason} is not in ReasonGuide");
        Assert.All([advice.Means, advice.Then, advice.Help], sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_explained_that_is_no_reason() =>
        Assert.Empty(ReasonGuide.All.Keys.Except(Names, StringComparer.Ordinal));

    [Fact]
    public void A_reason_of_a_newer_version_is_admitted_not_to_be_known() =>
        Assert.Contains("does not know", ReasonGuide.Of("ReasonOfNextYear").Means, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Every))]
    public void The_runbook_says_the_same(string reason)
    {
        var expected = Section(reason, ReasonGuide.Of(reason));
        var runbook = Repository.Read("docs", "runbook.md");
        Assert.True(runbook.Contains(expected, StringComparison.Ordinal), $"docs/runbook.md has no section that reads:\n\n{expected}");
    }

    private static string Section(string reason, Advice advice)
    {
        var decides = advice.Decides.Count == 0 ? "" : $"\n\n**Decided by.** {string.Join(", ", advice.Decides.Select(Setting))}.";
        return $"### {reason}\n\n**Meaning.** {advice.Means}\n\n**What the controller does.** {advice.Then}\n\n**What to do.** {advice.Help}{decides}\n";
    }

    private static string Setting(string name) => name.Contains(' ', StringComparison.Ordinal) && !name.Contains(',', StringComparison.Ordinal) ? name : $"`{name}`";
}
