using System.Globalization;
using Npgsql;

namespace Store;

/// <summary>One life of the LISTEN connection. It ends by trouble or cancellation, never by an exception.</summary>
internal sealed class ListenSession(NpgsqlDataSource dataSource, StoreOptions options, TimeProvider time, Func<double> random)
    : IAsyncDisposable
{
    private const string Channel = "fly_reconciler";
    private readonly string _heartbeatChannel =
        string.Create(CultureInfo.InvariantCulture, $"fly_reconciler_{(long)(random() * long.MaxValue):x}");

    private readonly Queue<ChangeHint> _hints = new();
    private NpgsqlConnection? _connection;
    private long _lastBeat;
    private bool _heard;

    /// <summary>A connection was made, whether or not notifications come through it.</summary>
    public bool Connected { get; private set; }

    public string Problem { get; private set; } = "cancelled";

    /// <summary>Connects, listens, and proves with a first heartbeat that notifications arrive.</summary>
    public async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection = await dataSource.OpenConnectionAsync(cancellationToken);
            Connected = true;
            _connection.Notification += (_, notification) => Receive(notification);
            await ExecuteAsync($"listen {Channel}; listen {_heartbeatChannel}", cancellationToken);
            return await BeatAsync(cancellationToken);
        }
        catch (Exception error)
        {
            // Whatever goes wrong with a connection, the answer is the same: try again later. Callers see it in the log.
            Problem = error.Message;
            return false;
        }
    }

    /// <summary>The next hint; null when the session is over.</summary>
    public async Task<ChangeHint?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_hints.TryDequeue(out var hint))
                    return hint;
                var untilBeat = options.Heartbeat - time.GetElapsedTime(_lastBeat);
                if (untilBeat <= TimeSpan.Zero)
                {
                    if (!await BeatAsync(cancellationToken))
                        return null;
                }
                else
                {
                    await WaitAsync(untilBeat, cancellationToken);
                }
            }
        }
        catch (Exception error)
        {
            Problem = error.Message;
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is null)
            return;
        try
        {
            await _connection.DisposeAsync();
        }
        catch (Exception error) when (error is NpgsqlException or IOException or ObjectDisposedException)
        {
            // It was broken already.
        }
    }

    /// <summary>A pooler may take the LISTEN and lose the notifications, and a half-open socket reports nothing.</summary>
    private async Task<bool> BeatAsync(CancellationToken cancellationToken)
    {
        _heard = false;
        using var limit = new CancellationTokenSource(options.HeartbeatLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ExecuteAsync($"notify {_heartbeatChannel}", either.Token);
            while (!_heard)
                await _connection!.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Problem = "a notification to ourselves did not arrive";
            return false;
        }
        _lastBeat = time.GetTimestamp();
        return true;
    }

    private async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var beat = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(beat.Token, cancellationToken);
        try
        {
            await _connection!.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (beat.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Nothing came: time for a heartbeat.
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Receive(NpgsqlNotificationEventArgs notification)
    {
        if (notification.Channel == _heartbeatChannel)
            _heard = true;
        else
            _hints.Enqueue(Guid.TryParse(notification.Payload, out var userId) ? new ChangeHint(userId) : ChangeHint.Everything);
    }
}
