using Reconciler.Model;
using Reconciler.Rollouts;
using Store;

namespace Reconciler.Tests.Rollouts;

/// <summary>The table of verdicts: what a user's row says of the revision, and of the world.</summary>
public sealed class JudgeTests
{
    private static readonly DateTimeOffset Admitted = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly RejectedSpec Exited = new("x", "RolledBack: its program exited", Admitted, 1, Final: true);
    private static readonly RejectedSpec Ill = new("x", "RolledBack: check critical", Admitted, 1, Final: true);
    private static readonly RejectedSpec Silent = new("x", Reasons.SilentlyRolledBack, Admitted, 1, Final: false);

    [Theory]
    // The row, the memory, minutes since the move, and what is found.
    [InlineData("as wished, just now", 0.1, "Proving", "")]
    [InlineData("as wished, long enough and looked at", 1, "Good", "good")]
    [InlineData("as wished, long enough and not looked at again", 1, "Proving", "")]
    [InlineData("as wished, and another revision", 1, "Waiting", "")]
    [InlineData("as wished, and a change on its way", 1, "Waiting", "")]
    [InlineData("as wished, and ill", 1, "Waiting", "")]
    [InlineData("not looked at yet", 60, "Waiting", "")]
    [InlineData("could not be looked at", 60, "Hindered", "api")]
    [InlineData("paused before the look", 1, "Skipped", "paused")]
    [InlineData("paused", 1, "Skipped", "paused")]
    [InlineData("invalid override", 1, "Skipped", "own")]
    [InlineData("crashed", 0.1, "Failed", "crashed")]
    [InlineData("became ill", 0.1, "Failed", "unhealthy")]
    [InlineData("crash-loops", 0.5, "Failed", "crash_loop")]
    [InlineData("crash-looped before", 0.5, "Waiting", "")]
    [InlineData("crash-looped before, started twice since", 0.5, "Waiting", "")]
    [InlineData("started often by a controller that kept no instants", 0.5, "Waiting", "")]
    [InlineData("crash-loops, was down", 0.5, "Waiting", "")]
    [InlineData("rolled back by Fly once", 1, "Waiting", "")]
    [InlineData("rolled back by Fly once", 6, "Failed", "rolled_back")]
    [InlineData("rolled back by Fly twice", 1, "Failed", "rolled_back")]
    [InlineData("refused by Fly", 1, "Failed", "refused")]
    [InlineData("refused by Fly, was down", 1, "Hindered", "api")]
    [InlineData("no capacity", 60, "Hindered", "capacity")]
    [InlineData("no capacity, was down", 60, "Skipped", "capacity")]
    [InlineData("rate limit", 60, "Hindered", "throttled")]
    [InlineData("lease held", 60, "Hindered", "lease")]
    [InlineData("image cannot be pulled", 60, "Hindered", "registry")]
    [InlineData("server errors", 60, "Hindered", "api")]
    [InlineData("host gone", 4, "Hindered", "host")]
    [InlineData("host gone", 6, "Skipped", "host")]
    [InlineData("budget spent", 60, "Hindered", "guard")]
    [InlineData("still coming", 4, "Waiting", "")]
    [InlineData("still coming", 6, "Failed", "never_started")]
    [InlineData("still coming, nobody led meanwhile", 6, "Waiting", "")]
    [InlineData("still coming, was down", 6, "Skipped", "down")]
    [InlineData("ill for long", 6, "Failed", "unhealthy")]
    public void A_row_says(string what, double minutes, string finding, string @class)
    {
        var now = Admitted.AddMinutes(minutes);
        var mark = new RolloutMark(Guid.Empty, "r2", 0, Admitted.UtcDateTime, Admitted.UtcDateTime, false, null, "pending", "");
        var row = new RolloutUser
        {
            UserId = Guid.Empty, AppName = "a", Tier = "pro", Entitled = true, Paused = false, OwnImage = false, Status = "active", HealthStatus = "unknown",
            MachineId = "m", Converged = false, Runs = "r1", Target = "r2", LastErrorClass = null, Conditions = null, ControllerState = null, Mark = mark,
        };
        var good = row with { Converged = true, HealthStatus = "healthy", Runs = "r2" };
        var proving = mark with { ProvingSince = Admitted.UtcDateTime };
        var memory = AppMemory.Empty;
        DateTimeOffset? seenGood = null;
        string? trouble = null;
        var leadingSince = DateTimeOffset.MinValue;
        switch (what)
        {
            case "as wished, just now":
                row = good;
                break;
            case "as wished, long enough and looked at":
                (row, mark, seenGood) = (good, proving, Admitted.AddSeconds(10));
                break;
            case "as wished, long enough and not looked at again":
                (row, mark, seenGood) = (good, proving, Admitted.AddSeconds(9));
                break;
            case "as wished, and another revision":
                row = good with { Runs = "r1" };
                break;
            case "as wished, and a change on its way":
                (row, memory) = (good, memory with { Pending = new PendingChange("update", "m", null, null, null!, now) });
                break;
            case "as wished, and ill":
                row = good with { HealthStatus = "unhealthy" };
                break;
            case "not looked at yet":
                row = good with { Target = "r1", Runs = "r1" };
                break;
            case "could not be looked at":
                row = row with { Target = "r1", LastErrorClass = "Transient" };
                break;
            case "paused before the look":
                row = row with { Target = "r1", Paused = true };
                break;
            case "paused":
                row = row with { Paused = true };
                break;
            case "invalid override":
                trouble = Reasons.InvalidOverride;
                break;
            case "crashed":
                memory = memory with { Rejected = Exited };
                break;
            case "became ill":
                memory = memory with { Rejected = Ill };
                break;
            case "crash-loops" or "crash-loops, was down":
                memory = memory with { Crash = new CrashMemory(3, Admitted.AddSeconds(3), [Admitted, Admitted.AddSeconds(1), Admitted.AddSeconds(3)]) };
                mark = mark with { WasDown = what.EndsWith("down", StringComparison.Ordinal) };
                break;
            case "crash-looped before":
                memory = memory with { Crash = new CrashMemory(9, Admitted.AddSeconds(-1), [.. Enumerable.Range(-3, 3).Select(s => Admitted.AddSeconds(s))]) };
                break;
            case "crash-looped before, started twice since":
                memory = memory with
                {
                    Crash = new CrashMemory(9, Admitted.AddSeconds(2), [Admitted.AddSeconds(-1), Admitted.AddSeconds(1), Admitted.AddSeconds(2)]),
                };
                break;
            case "started often by a controller that kept no instants":
                memory = memory with { Crash = new CrashMemory(9, Admitted.AddSeconds(1)) };
                break;
            case "rolled back by Fly once":
                memory = memory with { Rejected = Silent };
                break;
            case "rolled back by Fly twice":
                memory = memory with { Rejected = Silent with { Attempts = 2 } };
                break;
            case "refused by Fly" or "refused by Fly, was down":
                row = row with { LastErrorClass = "Invalid" };
                mark = mark with { WasDown = what.EndsWith("down", StringComparison.Ordinal) };
                break;
            case "no capacity" or "no capacity, was down":
                row = row with { LastErrorClass = "Capacity" };
                mark = mark with { WasDown = what.EndsWith("down", StringComparison.Ordinal) };
                break;
            case "rate limit":
                row = row with { LastErrorClass = "Throttled" };
                break;
            case "lease held":
                row = row with { LastErrorClass = "Conflict" };
                break;
            case "image cannot be pulled":
                row = row with { LastErrorClass = "Image" };
                break;
            case "server errors":
                row = row with { LastErrorClass = "Transient" };
                break;
            case "host gone":
                trouble = Reasons.HostUnreachable;
                break;
            case "budget spent":
                trouble = Reasons.DestroyBudget;
                break;
            case "still coming, nobody led meanwhile":
                leadingSince = now.AddMinutes(-2);
                break;
            case "still coming, was down":
                mark = mark with { WasDown = true };
                break;
            case "ill for long":
                row = row with { HealthStatus = "unhealthy" };
                break;
        }

        var found = Judge.Of(
            new UserFacts(row, memory, trouble), mark, new JudgeLimits(now, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), seenGood, leadingSince));

        Assert.Equal((finding, @class), (found.Finding.ToString(), found.Class));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_waited_for_and_condemns_nobody()
    {
        var mark = new RolloutMark(Guid.Empty, "r2", 0, Admitted.UtcDateTime, Admitted.UtcDateTime, false, null, "pending", "");
        var row = new RolloutUser
        {
            UserId = Guid.Empty, AppName = "a", Tier = "pro", Entitled = true, Paused = false, OwnImage = false, Status = "active", HealthStatus = "healthy",
            MachineId = "m", Converged = false, Runs = null, Target = null, LastErrorClass = null, Conditions = "[]", ControllerState = "{\"rejected\":7}", Mark = mark,
        };

        var found = Judge.Of(
            UserFacts.Of(row, Admitted), mark, new JudgeLimits(Admitted.AddDays(1), TimeSpan.FromMinutes(5), TimeSpan.Zero, null, DateTimeOffset.MinValue));

        Assert.Equal(Finding.Waiting, found.Finding);
    }
}
