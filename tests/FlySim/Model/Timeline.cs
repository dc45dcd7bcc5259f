namespace FlySim.Model;

/// <summary>
/// What will happen by itself, in order of time and then of scheduling. Nothing runs on timers: whoever looks at the
/// world first brings it up to date, so a run depends on the requests and the clock only.
/// </summary>
internal sealed class Timeline
{
    private readonly PriorityQueue<Action, (DateTimeOffset Due, long Order)> _queue = new();
    private long _order;

    public DateTimeOffset? NextDue => _queue.TryPeek(out _, out var key) ? key.Due : null;

    public void At(DateTimeOffset due, Action action) => _queue.Enqueue(action, (due, _order++));

    public bool TryTake(DateTimeOffset now, out DateTimeOffset due, out Action action)
    {
        if (_queue.TryPeek(out action!, out var key) && key.Due <= now)
        {
            _queue.Dequeue();
            due = key.Due;
            return true;
        }

        due = default;
        return false;
    }
}
