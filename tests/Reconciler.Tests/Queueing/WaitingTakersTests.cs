using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

public sealed class WaitingTakersTests : IDisposable
{
    private readonly QueueDriver _driver = new();

    private WorkQueue<string> Queue => _driver.Queue;

    public void Dispose() => _driver.Dispose();

    private Task<WorkItem<string>?> Take(CancellationToken cancellationToken = default) => Queue.TakeAsync(cancellationToken).AsTask();

    [Fact]
    public async Task Takers_are_served_first_come_first_served()
    {
        Task<WorkItem<string>?>[] takers = [Take(), Take(), Take()];

        _driver.Hint("a");
        _driver.Hint("b", Priority.User);

        Assert.Equal("a", (await takers[0])?.Key);
        Assert.Equal("b", (await takers[1])?.Key);
        Assert.False(takers[2].IsCompleted);
    }

    [Fact]
    public async Task A_taker_wakes_when_a_delay_ends()
    {
        var taker = Take();
        _driver.Hint("a", delay: 10);
        Assert.False(taker.IsCompleted);

        _driver.Pass(10);

        Assert.Equal("a", (await taker)?.Key);
    }

    [Fact]
    public async Task A_taker_wakes_when_an_earlier_delay_is_added_behind_a_later_one()
    {
        var taker = Take();
        _driver.Hint("far", delay: 7200);
        _driver.Hint("near", delay: 3);

        _driver.Pass(3);
        Assert.Equal("near", (await taker)?.Key);

        var second = Take();
        _driver.Pass(7197);
        Assert.Equal("far", (await second)?.Key);
    }

    [Fact]
    public async Task A_taker_wakes_when_Done_frees_a_key_that_was_added_meanwhile()
    {
        _driver.Hint("a");
        _driver.TakeKey();
        _driver.Hint("a");
        var taker = Take();
        Assert.False(taker.IsCompleted);

        Queue.Done("a");

        Assert.Equal("a", (await taker)?.Key);
    }

    [Fact]
    public async Task A_cancelled_taker_takes_nothing_with_it()
    {
        using var leaving = new CancellationTokenSource();
        var gone = Take(leaving.Token);
        var stays = Take();

        await leaving.CancelAsync();
        _driver.Hint("a");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal("a", (await stays)?.Key);
    }

    [Fact]
    public async Task A_cancelled_token_takes_nothing_even_when_something_is_ready()
    {
        _driver.Hint("a");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Take(new CancellationToken(canceled: true)));

        Assert.Equal("a", _driver.TakeKey());
    }

    [Fact]
    public async Task Shutting_down_sends_waiting_and_later_takers_home_and_ignores_later_adds()
    {
        var waiting = Take();
        Queue.ShutDown();
        Queue.ShutDown();
        _driver.Hint("a");

        Assert.Null(await waiting);
        Assert.Null(await Take());
        Assert.Empty(Queue.Snapshot());
    }

    [Fact]
    public async Task Draining_hands_out_nothing_more_and_ends_when_the_last_worker_is_done()
    {
        _driver.Hint("a");
        _driver.Hint("b");
        _driver.Hint("c");
        _driver.TakeKey();
        _driver.TakeKey();

        var drained = Queue.DrainAsync();
        Queue.Requeue("a", TimeSpan.Zero);
        Queue.Done("a");
        Assert.False(drained.IsCompleted);
        Assert.Null(await Take());

        Queue.Done("b");
        await drained;
        Assert.Equal(["c"], Queue.Snapshot().Select(k => k.Key));
    }

    [Fact]
    public async Task Draining_an_idle_queue_ends_at_once()
    {
        _driver.Hint("a", delay: 10);

        await Queue.DrainAsync();
    }

    [Fact]
    public async Task Hand_off_and_shutdown_at_the_same_moment_neither_deadlock_nor_lose_a_taker()
    {
        for (var round = 0; round < 500; round++)
        {
            using var queue = new WorkQueue<int>(TimeProvider.System);
            using var leaving = new CancellationTokenSource();
            var takers = Enumerable.Range(0, 4).Select(i => Task.Run(async () =>
            {
                try
                {
                    while (await queue.TakeAsync(i == 0 ? leaving.Token : CancellationToken.None) is { } item)
                    {
                        queue.Done(item.Key);
                    }
                }
                catch (OperationCanceledException) when (leaving.IsCancellationRequested)
                {
                    // one of the four leaves by its token
                }
            })).ToArray();

            var adding = Task.Run(() => Enumerable.Range(0, 20).ToList().ForEach(i => queue.Add(i, Priority.User, AddKind.Hint)));
            var cancelling = Task.Run(leaving.Cancel);
            var draining = Task.Run(queue.DrainAsync);

            await Task.WhenAll([adding, cancelling, draining, .. takers]).WaitAsync(TimeSpan.FromSeconds(60));
        }
    }
}
