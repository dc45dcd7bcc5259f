namespace Simulation.Engine;

/// <summary>
/// Runs one simulated world to its end. It is itself an item of the one-worker thread pool that queues itself again: when
/// nothing else is waiting there, nothing in the world can go on without time passing, and the next event happens.
/// </summary>
internal sealed class Director : IThreadPoolWorkItem
{
    private readonly Scheduler _scheduler;
    private readonly Task _script;
    private readonly long _limit;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Director(Scheduler scheduler, Task script, long limit) => (_scheduler, _script, _limit) = (scheduler, script, limit);

    /// <param name="scheduler">The world's time.</param>
    /// <param name="script">What is to come to an end; called on the pool.</param>
    /// <param name="limit">Events after which the run is said to be stuck.</param>
    /// <exception cref="StuckException">Nothing is due and the script has not ended, or the limit was reached.</exception>
    public static Task RunAsync(Scheduler scheduler, Func<Task> script, long limit)
    {
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                var director = new Director(scheduler, script(), limit);
                ThreadPool.UnsafeQueueUserWorkItem(director, preferLocal: false);
                begun.SetResult(director.EndAsync());
            },
            null);
        return begun.Task.Unwrap();
    }

    private async Task EndAsync()
    {
        await _ended.Task;
        await _script;
    }

    public void Execute()
    {
        try
        {
            // A few events in a row while nobody is woken by them: going through the pool for each costs more than they do.
            while (ThreadPool.PendingWorkItemCount == 0)
            {
                if (_script.IsCompleted)
                {
                    _ended.TrySetResult();
                    return;
                }

                if (!_scheduler.Step())
                {
                    throw new StuckException("nothing is due any more and the run has not ended");
                }

                if (_scheduler.Executed > _limit)
                {
                    throw new StuckException($"{_limit} events and no end");
                }
            }

            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        catch (Exception exception)
        {
            _ended.TrySetException(exception);
        }
    }

    /// <summary>Whether this process has one worker, without which nothing here is deterministic.</summary>
    public static bool HasOneWorker()
    {
        ThreadPool.GetMaxThreads(out var workers, out _);
        return workers == 1;
    }
}

/// <summary>A world in which nothing can happen any more, or too much.</summary>
internal sealed class StuckException(string message) : Exception(message);
