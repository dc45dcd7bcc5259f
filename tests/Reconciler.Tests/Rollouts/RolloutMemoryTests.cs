using Reconciler.Rollouts;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Rollouts;

public sealed class RolloutMemoryTests
{
    private readonly RolloutMemory _memory = new();

    [Fact]
    public void A_text_that_was_parsed_is_not_parsed_again()
    {
        var row = Row(Revision.Of(SnapshotBuilder.DefaultPolicy)!);
        var state = RolloutJson.Write(RolloutState.At(RolloutWorld.Start));

        Assert.Same(_memory.RevisionOf(row), _memory.RevisionOf(row with { Verdict = "bad" }));
        Assert.Same(_memory.StateOf(state), _memory.StateOf(new string(state)));
    }

    [Fact]
    public void An_edited_text_is_noticed_although_its_revision_is_known()
    {
        var row = Row(Revision.Of(SnapshotBuilder.DefaultPolicy)!);
        _memory.RevisionOf(row);

        Assert.Throws<StoreSchemaException>(() => _memory.RevisionOf(row with { Content = row.Content.Replace("\"sin\"", "\"sjc\"", StringComparison.Ordinal) }));
        Assert.Throws<StoreSchemaException>(() => _memory.RevisionOf(row with { Content = "{}" }));
        Assert.Equal(row.Id, _memory.RevisionOf(row).Id);
    }

    [Fact]
    public void Another_state_is_another_text()
    {
        var first = RolloutState.At(RolloutWorld.Start);
        var second = first with { Wave = 3 };

        Assert.Equal(first, _memory.StateOf(RolloutJson.Write(first)));
        Assert.Equal(second, _memory.StateOf(RolloutJson.Write(second)));
        Assert.Throws<StoreSchemaException>(() => _memory.StateOf("[]"));
        Assert.Equal(second, _memory.StateOf(RolloutJson.Write(second)));
    }

    [Fact]
    public void A_new_policy_is_a_new_wish()
    {
        var policy = SnapshotBuilder.DefaultPolicy;
        var other = policy with { Region = "fra" };

        Assert.Same(_memory.WishOf(policy), _memory.WishOf(policy));
        Assert.NotEqual(_memory.WishOf(policy)!.Id, _memory.WishOf(other)!.Id);
        Assert.Null(_memory.WishOf(policy with { Image = policy.Image with { Digest = null } }));
    }

    private static RevisionRow Row(Revision revision) => new(revision.Id, RolloutJson.Write(revision), "pending", null, "test");
}
