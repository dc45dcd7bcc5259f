using Microsoft.Extensions.Time.Testing;
using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

/// <summary>A queue on a fake clock, driven step by step.</summary>
internal sealed class QueueDriver : IDisposable
{
    public QueueDriver(WorkQueueOptions? options = null) => Queue = new WorkQueue<string>(Time, options);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public WorkQueue<string> Queue { get; }

    public void Pass(int seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    public void Hint(string key, Priority priority = Priority.Resync, int delay = 0) =>
        Queue.Add(key, priority, AddKind.Hint, TimeSpan.FromSeconds(delay));

    public void Fail(string key, int retryAfter) => Queue.Requeue(key, TimeSpan.FromSeconds(retryAfter), floor: true);

    /// <summary>Takes what is ready now; null when a taker would have to wait.</summary>
    public WorkItem<string>? TryTake()
    {
        using var impatient = new CancellationTokenSource();
        var taken = Queue.TakeAsync(impatient.Token).AsTask();
        if (!taken.IsCompleted)
        {
            impatient.Cancel();
            Assert.True(taken.IsCanceled);
            return null;
        }

        return taken.Result;
    }

    public string? TakeKey() => TryTake()?.Key;

    /// <summary>Takes and finishes until nothing is ready.</summary>
    public List<string> TakeAll()
    {
        var keys = new List<string>();
        while (TakeKey() is { } key)
        {
            keys.Add(key);
            Queue.Done(key);
        }

        return keys;
    }

    public void Dispose() => Queue.Dispose();
}
