using Reconciler.Model;
using Reconciler.Reconciling;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Applying;

/// <summary>The tier is gone while the tripwire holds.</summary>
public sealed class HeldReconcileTests : IDisposable
{
    private readonly SimulatedApp _app = new(new SnapshotBuilder());

    [Fact]
    public async Task The_app_is_not_looked_at_and_the_row_says_why()
    {
        await HoldAsync();
        _app.Fly.AppExists = false; // who looked would say that it is gone

        var result = await _app.ReconcileAsync();

        Assert.Equal((ReconcileOutcome.Blocked, Reasons.ShrinkTripwire, false), (result.Outcome, result.Reason, result.IsBackoff));
        Assert.InRange(result.After!.Value, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
        Assert.Equal("active", _app.Store.User.Status);
        Assert.Contains("100 of 100 users", _app.Store.User.ErrorMessage, StringComparison.Ordinal);
        Assert.Empty(_app.Fly.Writes);
    }

    [Fact]
    public async Task A_force_looks_and_changes_nothing()
    {
        await HoldAsync();

        var result = await _app.ReconcileAsync(forced: true);

        Assert.Equal((ReconcileOutcome.Blocked, Reasons.ShrinkTripwire), (result.Outcome, result.Reason));
        Assert.Equal("deprovisioning", _app.Store.User.Status);
        Assert.Empty(_app.Fly.Writes);
    }

    [Fact]
    public async Task What_is_not_recorded_as_ours_is_looked_at()
    {
        await HoldAsync();
        _app.Store.User = _app.Store.User with { Ownership = null, MachineId = null };
        _app.Fly.AppExists = false;

        Assert.Equal(Reasons.Deprovisioned, (await _app.ReconcileAsync()).Reason);
    }

    [Fact]
    public async Task With_the_hold_gone_the_user_is_stopped_as_any_other()
    {
        await HoldAsync();
        await _app.ReconcileAsync();
        _app.Pass(null);
        _app.Store.Census = new Census(100, 100, 100);

        await _app.ReconcileAsync();

        Assert.NotEmpty(_app.Fly.Writes);
        Assert.Equal("deprovisioning", _app.Store.User.Status);
    }

    public void Dispose() => _app.Dispose();

    private async Task HoldAsync()
    {
        await _app.ReconcileAsync();
        _app.Fly.Writes.Clear();
        _app.Pass(null);
        _app.Store.Census = new Census(0, 100, 100);
        _app.Store.User = _app.Store.User with { Tier = "free", Generation = _app.Store.User.Generation + 1 };
    }
}
