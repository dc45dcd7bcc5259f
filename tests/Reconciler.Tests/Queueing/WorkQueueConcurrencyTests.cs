using System.Collections.Concurrent;
using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class WorkQueueConcurrencyTests
{
    /// <summary>Each key has a version that producers raise before they add it; the last version must be seen by a worker.</summary>
    [Fact]
    public async Task On_real_threads_no_key_has_two_workers_and_no_change_goes_unseen()
    {
        const int Keys = 20;
        const int ChangesPerProducer = 5000;
        using var queue = new WorkQueue<int>(TimeProvider.System);
        var wanted = new int[Keys];
        var seen = new int[Keys];
        var busy = new int[Keys];
        var clashes = new ConcurrentBag<int>();

        var workers = Enumerable.Range(0, 6).Select(_ => Task.Run(async () =>
        {
            while (await queue.TakeAsync(CancellationToken.None) is { } item)
            {
                if (Interlocked.Increment(ref busy[item.Key]) != 1)
                {
                    clashes.Add(item.Key);
                }

                Volatile.Write(ref seen[item.Key], Volatile.Read(ref wanted[item.Key]));
                await Task.Yield();
                if (seen[item.Key] % 7 == 0)
                {
                    queue.Requeue(item.Key, TimeSpan.FromMilliseconds(1), floor: true);
                }

                Interlocked.Decrement(ref busy[item.Key]);
                queue.Done(item.Key);
            }
        })).ToArray();

        var producers = Enumerable.Range(0, 4).Select(producer => Task.Run(() =>
        {
            for (var i = 0; i < ChangesPerProducer; i++)
            {
                var key = (i + producer) % Keys;
                Interlocked.Increment(ref wanted[key]);
                queue.Add(key, (Priority)(i % 4), i % 3 == 0 ? AddKind.Force : AddKind.Hint);
            }
        }));
        await Task.WhenAll(producers);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!seen.SequenceEqual(wanted))
        {
            await Task.Delay(5, deadline.Token);
        }

        await queue.DrainAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await Task.WhenAll(workers);
        Assert.Empty(clashes);
    }
}
