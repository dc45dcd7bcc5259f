using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Signals;

namespace Reconciler.Tests.Signals;

/// <summary>A real folder with a signal path in it, and a watcher whose time is the test's unless real writers take part.</summary>
internal sealed class SignalBox : IDisposable
{
    private readonly Channel<SignalRequest> _requests = Channel.CreateUnbounded<SignalRequest>();
    private CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    public string Folder { get; } = Directory.CreateTempSubdirectory("signal-").FullName;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public RecordingLogger Log { get; } = new();

    public string Path => System.IO.Path.Combine(Folder, "signal");

    public IEnumerable<string> Files => Directory.EnumerateFileSystemEntries(Folder).Select(f => System.IO.Path.GetFileName(f)).Order();

    public void Watch(TimeProvider? time = null, SignalFileOptions? options = null, string? path = null)
    {
        var file = new SignalFile(path ?? Path, time ?? Time, Log, options);
        var token = _stop.Token;

        WithoutContext(() => _watching = Collect());

        async Task Collect()
        {
            await foreach (var request in file.WatchAsync(token))
            {
                await _requests.Writer.WriteAsync(request, token);
            }
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _watching);
        _watching = Task.CompletedTask;
        _stop.Dispose();
        _stop = new CancellationTokenSource();
    }

    /// <summary>On the fake clock the watcher runs inside Advance, so when this returns it has done all it does in that time.</summary>
    public void Pass(int milliseconds)
    {
        WithoutContext(() =>
        {
            for (var left = milliseconds; left > 0; left -= 50)
            {
                Time.Advance(TimeSpan.FromMilliseconds(Math.Min(left, 50)));
            }
        });
        Assert.False(_watching.IsFaulted, _watching.Exception?.ToString());
    }

    /// <summary>The test runner's context would take the watcher's continuations away from Advance.</summary>
    private static void WithoutContext(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        action();
        SynchronizationContext.SetSynchronizationContext(context);
    }

    public SignalRequest? TryReceive() => _requests.Reader.TryRead(out var request) ? request : null;

    public List<SignalRequest> ReceiveAll()
    {
        var all = new List<SignalRequest>();
        while (TryReceive() is { } request)
        {
            all.Add(request);
        }

        return all;
    }

    /// <summary>For real time: waits, generously, until the names have come or everyone has.</summary>
    public async Task<HashSet<string>> ReceiveUntilAsync(Func<HashSet<string>, bool> enough)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var seen = new HashSet<string>();
        while (!enough(seen))
        {
            var request = await _requests.Reader.ReadAsync(deadline.Token);
            seen.UnionWith(request.Everyone ? ["*"] : request.Names);
        }

        return seen;
    }

    public JsonObject Result() => JsonNode.Parse(File.ReadAllText(Path + ".result"))!.AsObject();

    public static async Task ShellAsync(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]))!;
        await shell.WaitForExitAsync();
        Assert.Equal(0, shell.ExitCode);
    }

    public void Dispose()
    {
        _stop.Cancel();
        ((IAsyncResult)_watching).AsyncWaitHandle.WaitOne(); // else it would find its folder gone
        _stop.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    internal sealed class RecordingLogger : ILogger
    {
        private readonly List<(int Id, string Text)> _entries = [];

        public List<(int Id, string Text)> Entries
        {
            get
            {
                lock (_entries)
                {
                    return [.. _entries];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_entries)
            {
                _entries.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
