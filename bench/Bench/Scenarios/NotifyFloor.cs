using System.Diagnostics;
using Bench.Stage;
using Npgsql;

namespace Bench.Scenarios;

/// <summary>An UPDATE with a trigger that notifies, a connection that waits, a request on a warm connection: nothing else.</summary>
internal sealed class NotifyFloor : IAsyncDisposable
{
    private readonly BenchDatabase _database;
    private readonly CannedFly _server;
    private readonly NpgsqlConnection _listener;
    private readonly HttpClient _http = new();
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<long> _rung = new();
    private long _woken;

    private NotifyFloor(BenchDatabase database, CannedFly server, NpgsqlConnection listener)
    {
        (_database, _server, _listener) = (database, server, listener);
        server.Rung += () => _rung.TrySetResult(Stopwatch.GetTimestamp());
    }

    public static async Task<NotifyFloor> StartAsync(BenchDatabase database)
    {
        await database.Database.ExecuteAsync("""
            create schema bench;
            create table bench.bell (id int primary key, rung int not null);
            insert into bench.bell values (1, 0);
            create function bench.ring() returns trigger language plpgsql as
              $$ begin perform pg_notify('bench_bell', new.rung::text); return null; end $$;
            create trigger ring after update on bench.bell for each row execute function bench.ring()
            """);
        var listener = await database.Database.OpenAsync(database.Database.OwnerConnectionString);
        await using (var listen = new NpgsqlCommand("listen bench_bell", listener))
        {
            await listen.ExecuteNonQueryAsync();
        }

        var floor = new NotifyFloor(database, await CannedFly.StartAsync(), listener);
        _ = floor.ListenAsync();
        return floor;
    }

    /// <returns>Milliseconds from sending the UPDATE to the wake, and to the request at the server.</returns>
    public async Task<(double Woken, double Requested)> TryAsync()
    {
        _rung = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await _database.Database.OpenAsync();
        await using var command = new NpgsqlCommand("update bench.bell set rung = rung + 1 where id = 1", connection);
        var sent = Stopwatch.GetTimestamp();
        await command.ExecuteNonQueryAsync();
        var rung = await _rung.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return (Stopwatch.GetElapsedTime(sent, Volatile.Read(ref _woken)).TotalMilliseconds, Stopwatch.GetElapsedTime(sent, rung).TotalMilliseconds);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _server.DisposeAsync();
        _http.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                await _listener.WaitAsync(_stop.Token);
                Volatile.Write(ref _woken, Stopwatch.GetTimestamp());
                (await _http.GetAsync(new Uri(_server.Address, "/bell"), _stop.Token)).Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            await _listener.DisposeAsync();
        }
    }
}
