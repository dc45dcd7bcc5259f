using Microsoft.Extensions.Time.Testing;
using StoreModel;

namespace Store.Tests.Model;

public sealed class ModelFeedTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new(TimeSpan.FromSeconds(30));
    private readonly StoreModelDatabase _database;
    private readonly ModelChangeFeed _feed;
    private readonly IAsyncEnumerator<ChangeHint> _hints;

    public ModelFeedTests()
    {
        var ids = 0;
        _database = new StoreModelDatabase(_time, () => new Guid(++ids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        _feed = _database.OpenFeed();
        _hints = _feed.WatchAsync(_stop.Token).GetAsyncEnumerator();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _hints.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_lost_hint_never_comes_and_a_duplicated_one_comes_twice()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());
        _feed.Fate = static _ => NotificationFate.Lost;
        _database.Application.CreateUser("pro");
        _feed.Fate = static _ => NotificationFate.Duplicated;
        var second = new ChangeHint(_database.Application.CreateUser("pro"));
        _feed.Fate = null;
        var third = new ChangeHint(_database.Application.CreateUser("pro"));

        Assert.Equal([second, second, third], [await NextAsync(), await NextAsync(), await NextAsync()]);
    }

    [Fact]
    public async Task A_delayed_hint_is_overtaken()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());
        _feed.Fate = static _ => NotificationFate.Delayed(TimeSpan.FromSeconds(5));
        var first = new ChangeHint(_database.Application.CreateUser("pro"));
        _feed.Fate = null;
        var second = new ChangeHint(_database.Application.CreateUser("pro"));

        Assert.Equal(second, await NextAsync());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(first, await NextAsync());
    }

    [Fact]
    public async Task A_broken_connection_loses_hints_until_it_is_back_and_then_says_everything()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());
        var arrived = new ChangeHint(_database.Application.CreateUser("pro"));
        _feed.Fate = static _ => NotificationFate.Disconnected;
        _database.Application.CreateUser("pro");
        _database.Application.CreateUser("pro");

        Assert.False(_feed.IsListening);
        Assert.Equal(arrived, await NextAsync());
        var next = NextAsync();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(ChangeHint.Everything, await next);
        Assert.True(_feed.IsListening);
    }

    [Fact]
    public async Task A_feed_that_may_not_listen_waits_until_it_may()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());
        _feed.IsListening = false;
        var next = NextAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        _database.Application.CreateUser("pro");
        Assert.False(next.IsCompleted || _feed.IsListening);

        _feed.IsListening = true;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(ChangeHint.Everything, await next);
    }

    [Fact]
    public async Task A_failover_disconnects_everybody()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());

        _database.Restore(_database.Snapshot());

        Assert.False(_feed.IsListening);
    }

    [Fact]
    public async Task Through_a_pooler_everything_is_said_once()
    {
        var pooled = _database.OpenFeed(throughPooler: true);
        await using var hints = pooled.WatchAsync(_stop.Token).GetAsyncEnumerator();

        Assert.True(await hints.MoveNextAsync());
        var next = hints.MoveNextAsync().AsTask();
        _database.Application.CreateUser("pro");

        Assert.False(next.IsCompleted || pooled.IsListening);
        await _stop.CancelAsync();
        Assert.False(await next); // the end of the enumeration is no error
    }

    [Fact]
    public async Task The_end_of_a_watch_is_no_error()
    {
        Assert.Equal(ChangeHint.Everything, await NextAsync());
        var next = _hints.MoveNextAsync().AsTask();

        await _stop.CancelAsync();

        Assert.False(await next);
        Assert.False(_feed.IsListening);
    }

    private async Task<ChangeHint> NextAsync()
    {
        Assert.True(await _hints.MoveNextAsync());
        return _hints.Current;
    }
}
