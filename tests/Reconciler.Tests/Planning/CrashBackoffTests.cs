using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>What is remembered of restarts.</summary>
public sealed class CrashBackoffTests
{
    private static readonly DateTimeOffset Start = SnapshotBuilder.Start;

    [Fact]
    public void Of_many_restarts_all_are_counted_and_the_instants_of_the_last_are_kept()
    {
        var crash = After(7);
        Assert.Equal((7, Start.AddMinutes(6)), (crash.Restarts, crash.LastRestart));
        Assert.Equal([Start.AddMinutes(4), Start.AddMinutes(5), Start.AddMinutes(6)], crash.Latest);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(7, false)]
    public void Only_restarts_since_the_instant_make_a_loop(int sinceMinute, bool isLooping) =>
        Assert.Equal(isLooping, CrashBackoff.IsLoopingSince(After(7), Start.AddMinutes(sinceMinute)));

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    [InlineData(3600, 0)]
    [InlineData(0, 10)]
    [InlineData(-3600, 0)] // counted before our clock went back
    public void A_restart_that_is_overdue_is_due_now(int secondsAgo, int left) =>
        Assert.Equal(TimeSpan.FromSeconds(left), CrashBackoff.Remaining(new CrashMemory(1, Start.AddSeconds(-secondsAgo)), Start));

    [Fact]
    public void Restarts_without_instants_make_no_loop_until_there_are_enough_with_one()
    {
        var memory = CrashBackoff.Count(AppMemory.Empty with { Crash = new CrashMemory(9, Start) }, Start.AddMinutes(1));
        Assert.Equal(10, memory.Crash!.Restarts);
        Assert.False(CrashBackoff.IsLoopingSince(memory.Crash, Start));
    }

    private static CrashMemory After(int restarts)
    {
        var memory = AppMemory.Empty;
        for (var i = 0; i < restarts; i++)
        {
            memory = CrashBackoff.Count(memory, Start.AddMinutes(i));
        }

        return memory.Crash!;
    }
}
