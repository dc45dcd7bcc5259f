namespace Store.Tests.Contract;

/// <summary>One client's feed, from after its first hint.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private static int _markers;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _limit = new(Patience);
    private readonly World _world;
    private readonly IChangeFeed _feed;
    private readonly IAsyncEnumerator<ChangeHint> _hints;

    private Listener(World world, IChangeFeed feed)
    {
        _world = world;
        _feed = feed;
        _hints = feed.WatchAsync(_limit.Token).GetAsyncEnumerator();
    }

    public bool IsListening => _feed.IsListening;

    public static async Task<Listener> OpenAsync(World world)
    {
        var listener = new Listener(world, await world.OpenFeedAsync());
        Assert.Equal(ChangeHint.Everything, await listener.NextAsync());
        return listener;
    }

    /// <summary>All hints of what was committed before this call. A released lease, which every feed is told of, marks the end.</summary>
    public async Task<IReadOnlyList<ChangeHint>> UntilNowAsync()
    {
        var token = (await _world.Leases.TryAcquireAsync(
            $"marker-{Interlocked.Increment(ref _markers)}", "marker", TimeSpan.FromMinutes(1), default)).Token!;
        await _world.Leases.ReleaseAsync(token, default);
        var hints = new List<ChangeHint>();
        while (await NextAsync() is { UserId: not null } hint)
            hints.Add(hint);
        return hints;
    }

    public async ValueTask DisposeAsync()
    {
        await _limit.CancelAsync();
        await _hints.DisposeAsync();
        _limit.Dispose();
    }

    private async Task<ChangeHint> NextAsync()
    {
        _limit.CancelAfter(Patience); // for each hint, not for all: a history takes as long as the machine is busy
        return await _hints.MoveNextAsync() ? _hints.Current : throw new TimeoutException("no hint came");
    }
}
