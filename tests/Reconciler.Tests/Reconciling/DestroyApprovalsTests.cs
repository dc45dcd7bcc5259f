using Microsoft.Extensions.Time.Testing;
using Reconciler.Leading;
using Reconciler.Reconciling;
using Reconciler.Tests.Applying;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reconciling;

public sealed class DestroyApprovalsTests
{
    private static readonly Guid User = SnapshotBuilder.UserId;
    private readonly FakeTimeProvider _time = new(SnapshotBuilder.Start);
    private readonly FakeStore _store = new(new SnapshotBuilder().Build().User, new FakeTimeProvider(SnapshotBuilder.Start));
    private readonly Leadership _leadership;
    private readonly DestroyApprovals _approvals;

    public DestroyApprovalsTests()
    {
        _leadership = new Leadership(_time, new LeaseToken("lease", "us", 1), TimeSpan.FromDays(1), _time.GetTimestamp());
        _approvals = new DestroyApprovals(_store, _time);
    }

    [Fact]
    public async Task An_approval_is_used_once()
    {
        await ApproveAsync("hash-1");

        Assert.Equal(("Nora", "move it"), (await UseAsync("hash-1")) is { } used ? (used.Owner, used.Reason) : default);
        Assert.Null(await UseAsync("hash-1"));
    }

    [Fact]
    public async Task An_approval_of_another_plan_approves_nothing_and_stays()
    {
        await ApproveAsync("hash-1");

        Assert.Null(await UseAsync("hash-2"));
        Assert.NotNull(await UseAsync("hash-1"));
    }

    [Fact]
    public async Task An_old_approval_is_none()
    {
        await ApproveAsync("hash-1");
        _time.Advance(DestroyApprovals.ValidFor + TimeSpan.FromSeconds(1));

        Assert.Null(await UseAsync("hash-1"));
    }

    [Fact]
    public async Task An_approval_of_another_user_is_none()
    {
        await ApproveAsync("hash-1");

        Assert.Null(await _approvals.TryUseAsync(_leadership, Guid.Empty, "hash-1", default));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("\"yes\"")]
    [InlineData("""{"planHash":"hash-1"}""")]
    [InlineData("""{"planHash":null,"owner":null,"reason":null,"at":"2026-03-01T12:00:00Z"}""")]
    [InlineData("""{"planHash":"hash-1","owner":"x","reason":"y","at":"2999-01-01T00:00:00Z"}""")]
    public async Task An_edited_document_approves_nothing(string json)
    {
        await _store.WriteFleetStateAsync(_leadership.Token, $"destroy-approval/{User}", json, default);

        Assert.Null(await UseAsync("hash-1"));
    }

    private Task ApproveAsync(string hash) => _approvals.ApproveAsync(_leadership, User, hash, "Nora", "move it", default);

    private Task<DestroyApproval?> UseAsync(string hash) => _approvals.TryUseAsync(_leadership, User, hash, default);
}
