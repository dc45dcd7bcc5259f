using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Store.Tests;

public sealed class ChangeFeedTests(StoreFixture fixture) : IClassFixture<StoreFixture>, IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<ChangeHint> _hints = Channel.CreateUnbounded<ChangeHint>();
    private PostgresStores? _stores;
    private Task _watch = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watch; // the feed ends without an exception
        if (_stores is not null)
            await _stores.DisposeAsync();
    }

    public void Dispose() => _stop.Dispose();

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_payload_that_is_no_user_id_means_everything(string payload)
    {
        await WatchAsync();

        await fixture.Database.ExecuteAsync("select pg_notify('fly_reconciler', $1)", payload);

        Assert.Equal(ChangeHint.Everything, await NextAsync());
    }

    [Fact]
    public async Task A_killed_connection_comes_back_and_says_everything()
    {
        await WatchAsync();

        await using (var killer = await fixture.Database.OpenAsync(fixture.Database.SuperuserConnectionString))
        await using (var command = new Npgsql.NpgsqlCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like '%-listen' and datname = current_database()",
            killer))
            await command.ExecuteNonQueryAsync();

        Assert.Equal(ChangeHint.Everything, await NextAsync());
        var user = await fixture.PayingUserAsync();
        Assert.Equal(new ChangeHint(user.UserId), await NextAsync());
    }

    [Fact]
    public async Task Heartbeats_keep_a_quiet_connection_and_are_no_hints()
    {
        var time = new FakeTimeProvider();
        await WatchAsync(time: time);
        for (var beat = 0; beat < 5; beat++)
            time.Advance(TimeSpan.FromSeconds(11));

        var user = await fixture.PayingUserAsync();

        Assert.Equal(new ChangeHint(user.UserId), await NextAsync());
        Assert.True(_stores!.Changes.IsListening);
    }

    [Fact]
    public async Task Through_a_transaction_pooler_it_says_everything_once_and_does_not_listen()
    {
        await WatchAsync(fixture.DaemonConnectionString + ";pgbouncer=true");

        Assert.False(_stores!.Changes.IsListening);
        await fixture.PayingUserAsync();
        Assert.False(_hints.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Where_notifications_do_not_come_through_it_says_everything_once_and_keeps_trying()
    {
        await WatchAsync(heartbeatLimit: TimeSpan.Zero); // no notification is fast enough: none arrives
        var attempts = 0;
        var enough = new TaskCompletionSource();
        ((PostgresChangeFeed)_stores!.Changes).Reconnecting += () =>
        {
            if (Interlocked.Increment(ref attempts) == 3)
                enough.TrySetResult();
        };

        await enough.Task.WaitAsync(Generous);

        Assert.False(_stores.Changes.IsListening);
        Assert.False(_hints.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_server_that_is_away_is_tried_until_it_is_back()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var database = await cluster.CreateDatabaseAsync();
        await WatchAsync(database.OwnerConnectionString);
        cluster.Stop(ShutdownMode.Immediate);
        var deadline = DateTime.UtcNow + Generous;
        while (_stores!.Changes.IsListening && DateTime.UtcNow < deadline)
            await Task.Delay(10);
        Assert.False(_stores.Changes.IsListening);

        cluster.Start();

        Assert.Equal(ChangeHint.Everything, await NextAsync());
        Assert.True(_stores.Changes.IsListening);
    }

    private async Task WatchAsync(
        string? connectionString = null, TimeProvider? time = null, TimeSpan? heartbeatLimit = null)
    {
        _stores = StoreFactory.Create(
            new StoreOptions
            {
                ConnectionString = connectionString ?? fixture.DaemonConnectionString, ReconnectDelay = TimeSpan.FromMilliseconds(20),
                MaxReconnectDelay = TimeSpan.FromMilliseconds(200), HeartbeatLimit = heartbeatLimit ?? TimeSpan.FromSeconds(5),
            },
            time ?? TimeProvider.System, NullLoggerFactory.Instance, Random.Shared.NextDouble);
        _watch = Task.Run(async () =>
        {
            await foreach (var hint in _stores.Changes.WatchAsync(_stop.Token))
                _hints.Writer.TryWrite(hint);
        });
        Assert.Equal(ChangeHint.Everything, await NextAsync());
    }

    private async Task<ChangeHint> NextAsync()
    {
        using var limit = new CancellationTokenSource(Generous);
        return await _hints.Reader.ReadAsync(limit.Token);
    }
}
