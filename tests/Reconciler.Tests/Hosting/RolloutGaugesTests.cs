using Reconciler.Hosting.Gauges;
using Store;

namespace Reconciler.Tests.Hosting;

public sealed class RolloutGaugesTests
{
    [Theory]
    [InlineData("sha256:0123456789ABCDEF0123", "0123456789ab")]
    [InlineData("57cec54dba4803c1", "57cec54dba48")]
    [InlineData(null, "none")]
    [InlineData("", "other")]
    [InlineData("sha256:0123", "other")]
    [InlineData("user 63eea370-27a1", "other")]
    public void A_digest_is_shown_by_its_first_digits_and_nothing_else_is(string? digest, string label) =>
        Assert.Equal(label, RolloutGauges.Label(digest));

    [Fact]
    public void However_many_digests_there_are_the_labels_are_few_and_no_user_is_lost()
    {
        var counts = Enumerable.Range(0, 5_000).Select(i => new DigestCount($"{i:x12}0000", 5_000 - i)).ToList();

        var shown = RolloutGauges.Bounded(counts);

        Assert.InRange(shown.Count, 1, RolloutGauges.Shown + 1);
        Assert.Equal(counts.Sum(c => c.Users), shown.Sum(s => s.Users));
        Assert.Contains(shown, s => s.Label == "other");
    }
}
