using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Queueing;
using Reconciler.Reporting;
using Reconciler.Tests.Planning;

namespace Reconciler.Tests.Reporting;

public sealed class BlindStatusTests
{
    private static readonly ApplyStop.Failed Failure = new(Reasons.FlyTransient, "HTTP 503\nsorry", BackoffClass.Transient, "observe", null, "req-1");

    [Fact]
    public void The_row_keeps_what_it_knew_and_no_longer_claims_to_be_ready()
    {
        var snapshot = new SnapshotBuilder().Build();
        var seen = snapshot.Report();
        var user = seen.Read(snapshot.User);

        var blind = BlindStatus.Build(snapshot with { User = user, Now = SnapshotBuilder.Start.AddMinutes(1) }, Failure, 1, TimeSpan.FromSeconds(8));

        Assert.Equal((seen.Status, seen.HealthStatus, seen.Region, seen.ControllerState), (blind.Status, blind.HealthStatus, blind.Region, blind.ControllerState));
        Assert.Equal((0, "HTTP 503 sorry", 1), (blind.Fingerprint, blind.ErrorMessage, blind.RetryCount));
        Assert.Equal(SnapshotBuilder.Start.AddMinutes(1).AddSeconds(8).UtcDateTime, blind.NextAttemptAt);
        Assert.Equal((ConditionStatus.Unknown, Reasons.FlyTransient), (blind.Condition(ConditionTypes.Ready).Status, blind.Condition(ConditionTypes.Ready).Reason));
        Assert.Equal(ConditionStatus.True, blind.Condition(ConditionTypes.Degraded).Status);
        Assert.Equal(SnapshotBuilder.Start, blind.Condition(ConditionTypes.Healthy).LastTransitionTime);
        Assert.Equal("error_occurred", Assert.Single(blind.Events).Type);
    }

    [Fact]
    public void Blindness_that_lasts_is_told_once()
    {
        var snapshot = new SnapshotBuilder().Build();
        var first = BlindStatus.Build(snapshot, Failure, 1, TimeSpan.FromSeconds(1));
        var second = BlindStatus.Build(snapshot with { User = first.Read(snapshot.User), Now = snapshot.Now.AddMinutes(1) }, Failure, 2, TimeSpan.FromSeconds(2));

        Assert.Empty(second.Events);
        Assert.Equal(snapshot.Now, second.Condition(ConditionTypes.Degraded).LastTransitionTime);
    }
}
