namespace Reconciler.Queueing;

/// <summary>The queue at one instant, for metrics.</summary>
/// <param name="ReadyByPriority">Due and waiting for a worker, indexed by <see cref="Priority"/>; delayed keys are not counted here.</param>
/// <param name="Delayed">Waiting for their time.</param>
/// <param name="Processing">In a worker's hands.</param>
/// <param name="OldestReady">How long the longest waiting ready key has been due.</param>
/// <param name="LongestRunning">How long the longest running worker has had its key.</param>
/// <param name="Stuck">In a worker's hands for longer than <see cref="StuckAfter"/>.</param>
/// <param name="UnfinishedWork">The sum of all running times: growth without completions means stuck workers.</param>
/// <param name="Adds">Ever added, those merged into a waiting item included.</param>
/// <param name="Retries">Ever requeued with a floor, which is a failure; a planned later look is not counted.</param>
/// <param name="HandedOut">Ever handed to a worker.</param>
public sealed record QueueStatistics(
    IReadOnlyList<int> ReadyByPriority,
    int Delayed,
    int Processing,
    TimeSpan OldestReady,
    TimeSpan LongestRunning,
    int Stuck,
    TimeSpan UnfinishedWork,
    long Adds,
    long Retries,
    long HandedOut)
{
    /// <summary>Every call of a reconcile has a limit of its own; together they stay below this.</summary>
    public static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);

    public int Ready(Priority priority) => ReadyByPriority[(int)priority];
}
