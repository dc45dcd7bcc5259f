using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>Which exit of a program belongs to the change that was sent, when Fly's clock is not ours.</summary>
public sealed class ExitAfterChangeTests
{
    private static readonly MachineSpec New = new SnapshotBuilder().NewImage().Build().Desired.Machine!;
    private static readonly DateTimeOffset Sent = SnapshotBuilder.Start.AddSeconds(-20);

    [Theory]
    [InlineData(-6, false)]
    [InlineData(-5, true)]
    [InlineData(0, true)]
    public void Without_an_event_of_the_change_the_clocks_may_differ_by_five_seconds(int exit, bool isHeldAgainstIt) =>
        Assert.Equal(isHeldAgainstIt, IsRejected(Event("exit", exit)));

    [Theory]
    [InlineData("update", -61, false)]
    [InlineData("update", -60, true)]
    [InlineData("launch", -61, false)]
    [InlineData("launch", -60, true)]
    [InlineData("start", -60, false)]
    public void A_clock_of_Fly_that_is_a_minute_slow_is_measured_by_its_own_event_of_the_change(string change, int exit, bool isHeldAgainstIt) =>
        Assert.Equal(isHeldAgainstIt, IsRejected(Event(change, -60), Event("exit", exit)));

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void A_clock_of_Fly_that_is_fast_does_not_make_an_earlier_exit_one_of_the_change(int exit, bool isHeldAgainstIt) =>
        Assert.Equal(isHeldAgainstIt, IsRejected(Event("update", 10), Event("exit", exit)));

    [Fact]
    public void Of_many_changes_the_last_one_counts() =>
        Assert.False(IsRejected(Event("launch", -3600), Event("exit", -30), Event("update", 0)));

    [Theory]
    [InlineData(3, "its program exited")]
    [InlineData(301, "no running machine")]
    public void A_rejection_says_whether_the_program_exited_or_only_never_came_up(int seconds, string why)
    {
        MachineEvent[] events = seconds == 3 ? [Event("exit", 0)] : [];

        Assert.Equal("RolledBack: " + why, Stopped(events).Later(TimeSpan.FromSeconds(seconds - 20)).Plan().Memory.Rejected?.Reason);
    }

    private static bool IsRejected(params MachineEvent[] events) => Stopped(events).Plan().Memory.Rejected is not null;

    private static SnapshotBuilder Stopped(MachineEvent[] events) => new SnapshotBuilder()
        .NewImage()
        .With((Machine m) => SnapshotBuilder.MachineOf(New, m.Id, "v2") with { State = MachineStates.Stopped, Events = events })
        .With((AppMemory m) => m with { Pending = new("update", "m1", "v2", "v1", New, Sent) });

    /// <summary>So many seconds after the change was sent, by Fly's clock.</summary>
    private static MachineEvent Event(string type, int seconds) => new(type, "", Sent.AddSeconds(seconds), 1, false, RequestedStop: false, false, 1);
}
