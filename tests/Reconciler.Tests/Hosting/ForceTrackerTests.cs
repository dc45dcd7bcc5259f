using Microsoft.Extensions.Time.Testing;
using Reconciler.Hosting;
using Reconciler.Model;
using Reconciler.Reconciling;

namespace Reconciler.Tests.Hosting;

public sealed class ForceTrackerTests
{
    private static readonly Guid Ada = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");
    private static readonly ReconcileResult Good = new(ReconcileOutcome.Converged, null, false, Reasons.Converged, "as desired");
    private readonly ForceTracker _tracker = new(new FakeTimeProvider());

    [Fact]
    public async Task A_reconcile_that_began_before_somebody_asked_is_no_answer()
    {
        var before = _tracker.Turn;
        var asked = _tracker.TrackAsync([Ada], TimeSpan.FromMinutes(1), static () => { }, CancellationToken.None);

        _tracker.Completed(Ada, Good with { Outcome = ReconcileOutcome.Blocked }, before);
        _tracker.Completed(Ada, Good, _tracker.Turn);
        Assert.True((await asked.WaitAsync(TimeSpan.FromSeconds(30))).Converged);
    }
}
