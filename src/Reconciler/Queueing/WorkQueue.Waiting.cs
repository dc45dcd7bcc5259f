namespace Reconciler.Queueing;

// Takers that found nothing.
public sealed partial class WorkQueue<TKey>
{
    private ValueTask<WorkItem<TKey>?> Wait(CancellationToken cancellationToken)
    {
        var waiter = new Waiter(this, cancellationToken);
        waiter.Enlist();
        return new(waiter.Task);
    }

    /// <summary>
    /// Completed and cancelled only under the lock and only while enlisted, so an item cannot be handed to a taker that has left.
    /// Continuations run elsewhere: a worker's code must not run under the lock.
    /// </summary>
    private sealed class Waiter(WorkQueue<TKey> queue, CancellationToken cancellationToken)
    {
        private readonly TaskCompletionSource<WorkItem<TKey>?> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private LinkedListNode<Waiter>? _node;
        private CancellationTokenRegistration _registration;

        public Task<WorkItem<TKey>?> Task => _source.Task;

        public void Enlist()
        {
            _node = queue._waiters.AddLast(this);
            _registration = cancellationToken.UnsafeRegister(static state => ((Waiter)state!).Cancel(), this);
        }

        public void Complete(WorkItem<TKey>? item)
        {
            Leave();
            _registration.Unregister(); // does not wait for a callback that already runs: that one waits for our lock
            _source.SetResult(item);
        }

        private void Cancel()
        {
            lock (queue._lock)
            {
                if (_node is not null)
                {
                    Leave();
                    _source.SetCanceled(cancellationToken);
                }
            }
        }

        private void Leave()
        {
            queue._waiters.Remove(_node!);
            _node = null;
        }
    }
}
