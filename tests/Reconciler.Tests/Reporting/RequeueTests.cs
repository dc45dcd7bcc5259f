using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Reporting;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

public sealed class RequeueTests
{
    private static readonly Snapshot Acting = new SnapshotBuilder().NewImage().With((UserApp u) => u with { RetryCount = 4 }).Build();
    private static readonly Snapshot Settled = new SnapshotBuilder().With((UserApp u) => u with { RetryCount = 4 }).Build();

    [Fact]
    public void After_steps_the_next_look_comes_after_one_poll() =>
        Assert.Equal(new Requeue(TimeSpan.FromSeconds(2), false, 4, null), After(null));

    [Fact]
    public void A_settled_user_is_left_alone_and_its_failures_are_forgotten() =>
        Assert.Equal(new Requeue(null, false, 0, null), Requeue.Decide(Settled.User, Settled, Planner.Plan(Settled), null, 0));

    [Fact]
    public void A_wait_and_a_guard_say_themselves_when_and_count_no_failure()
    {
        Assert.Equal(new Requeue(TimeSpan.FromSeconds(7), false, 4, null), After(new ApplyStop.Wait("r", "m", TimeSpan.FromSeconds(7))));
        Assert.Equal(new Requeue(TimeSpan.FromSeconds(60), false, 4, null), After(new ApplyStop.Guarded("r", "m", TimeSpan.FromSeconds(60))));
    }

    [Theory]
    [InlineData(BackoffClass.Transient, 16)]
    [InlineData(BackoffClass.Capacity, 480)]
    [InlineData(BackoffClass.Invalid, 960)]
    [InlineData(BackoffClass.Conflict, 16)]
    public void A_failure_backs_off_at_the_pace_of_its_class(BackoffClass failure, int seconds) =>
        Assert.Equal(
            new Requeue(TimeSpan.FromSeconds(seconds), true, 5, failure.ToString()),
            After(new ApplyStop.Failed("r", "m", failure, "step", null, null)));

    [Theory]
    [InlineData(1, 32)]
    [InlineData(90, 90)]
    public void Flys_own_wait_counts_when_it_is_longer(int asked, int seconds) =>
        Assert.Equal(
            TimeSpan.FromSeconds(seconds),
            After(new ApplyStop.Failed("r", "m", BackoffClass.Throttled, "step", TimeSpan.FromSeconds(asked), null)).After);

    private static Requeue After(ApplyStop? stop)
    {
        var plan = Planner.Plan(Acting);
        return Requeue.Decide(Acting.User, Acting, plan, new ApplyResult(plan.Memory, [], stop, "m1", SnapshotBuilder.App), random: 0);
    }
}
