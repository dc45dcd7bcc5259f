using Reconciler.Applying;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Store;

namespace Reconciler.Reporting;

/// <summary>When the user is looked at again.</summary>
/// <param name="After">Null = only when something changes (or at the next resync).</param>
/// <param name="IsBackoff">A failure's wait, which only a new wish or a force may shorten.</param>
/// <param name="Attempts">Failed attempts in a row, this one included.</param>
/// <param name="ErrorClass">Null when nothing failed.</param>
internal sealed record Requeue(TimeSpan? After, bool IsBackoff, int Attempts, string? ErrorClass)
{
    /// <summary>Steps were taken and nothing is in doubt: look again after one poll.</summary>
    public static Requeue Decide(UserApp user, Snapshot snapshot, Plan plan, ApplyResult? result, double random)
    {
        switch (result?.Stop)
        {
            case ApplyStop.Failed failed:
                var attempts = user.RetryCount + 1;
                var delay = Backoff.Delay(BackoffPolicy.For(failed.Class), attempts - 1, random);
                return new(failed.RetryAfter > delay ? failed.RetryAfter : delay, true, attempts, failed.Class.ToString());
            case ApplyStop.Guarded guarded:
                return new(guarded.After, false, user.RetryCount, null);
            case ApplyStop.Wait wait:
                return new(wait.After, false, user.RetryCount, null);
        }

        return plan.Verdict switch
        {
            Verdict.Act => new(result is null ? null : snapshot.Policy.Timings.Poll, false, user.RetryCount, null),
            Verdict.Settled => new(plan.RequeueAfter, false, 0, null),
            _ => new(plan.RequeueAfter, false, user.RetryCount, null),
        };
    }
}
