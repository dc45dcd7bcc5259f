using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Bench.Stage;

/// <summary>Stands between a program and PostgreSQL and reads along, so that statements are counted and timed from outside.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private readonly TaskCompletionSource<long> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _selects;

    private Relay(int server) => _server = server;

    /// <summary>Statements that begin with "select", however they were sent.</summary>
    public int Selects => Volatile.Read(ref _selects);

    /// <summary>When the first statement of any kind passed by, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public Task<long> FirstStatement => _first.Task;

    public static Task<Relay> StartAsync(int server)
    {
        var relay = new Relay(server);
        relay._listener.Start();
        _ = relay.AcceptAsync();
        return Task.FromResult(relay);
    }

    /// <summary>The same connection, by way of the relay.</summary>
    public string Through(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.ConnectionString;

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                client.NoDelay = true;
                _ = CarryAsync(client);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The listener was closed: the scenario is over.
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var back = server.GetStream().CopyToAsync(client.GetStream());
            try
            {
                await ReadAlongAsync(client.GetStream(), server.GetStream());
                server.Client.Shutdown(SocketShutdown.Send);
                await back;
            }
            catch (IOException)
            {
                // One side hung up, as a killed program does.
            }
        }
    }

    /// <summary>Hands each chunk on before it looks at it.</summary>
    private async Task ReadAlongAsync(NetworkStream from, NetworkStream to)
    {
        var reader = PipeReader.Create(from);
        var (forwarded, started) = (0L, false);
        while (true)
        {
            var result = await reader.ReadAsync();
            foreach (var segment in result.Buffer.Slice(forwarded))
            {
                await to.WriteAsync(segment);
            }

            var rest = result.Buffer;
            while (TryTake(ref rest, ref started, out var tag, out var body))
            {
                Note(tag, body);
            }

            forwarded = rest.Length;
            reader.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    /// <summary>A frontend message: a tag but for the very first, a length that counts itself, a body.</summary>
    private static bool TryTake(ref ReadOnlySequence<byte> rest, ref bool started, out byte tag, out ReadOnlySequence<byte> body)
    {
        (tag, body) = (0, default);
        var head = started ? 5 : 4;
        if (rest.Length < head)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[head];
        rest.Slice(0, head).CopyTo(bytes);
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[^4..]) + head - 4;
        if (rest.Length < length)
        {
            return false;
        }

        tag = started ? bytes[0] : (byte)0;
        body = rest.Slice(head, length - head);
        rest = rest.Slice(length);
        started = true;
        return true;
    }

    private void Note(byte tag, ReadOnlySequence<byte> body)
    {
        if (tag is not ((byte)'P' or (byte)'Q'))
        {
            return;
        }

        _first.TrySetResult(Stopwatch.GetTimestamp());
        var text = Encoding.UTF8.GetString(body.ToArray());
        // A Parse message names its statement before the text; ours are nameless.
        if (text.TrimStart('\0').StartsWith("select", StringComparison.OrdinalIgnoreCase))
        {
            Interlocked.Increment(ref _selects);
        }
    }
}
