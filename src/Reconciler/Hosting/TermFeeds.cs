using FlyApi;
using Reconciler.Leading;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Scheduling;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>When the periodic feeds run.</summary>
/// <param name="Resync">The no-drift pass.</param>
/// <param name="Audit">A look at every user in full.</param>
/// <param name="Pending">Between two reads of what NOTIFY should have told; the truth where LISTEN is unavailable.</param>
/// <param name="PendingWithoutListen">The same while LISTEN is down.</param>
/// <param name="Tiers">Between two repairs of tiers.</param>
internal sealed record FeedOptions(
    CronSchedule Resync, CronSchedule Audit, TimeSpan Pending, TimeSpan PendingWithoutListen, TimeSpan Tiers);

/// <summary>Everything that puts users into the queue, but the informer. A feed survives its source's trouble and never ends by itself.</summary>
internal sealed class TermFeeds(
    IStore store,
    IChangeFeed changes,
    IFlyApi fly,
    string orgSlug,
    SignalFeed signals,
    FleetMemory memory,
    DeepRequests deep,
    ConvergenceLedger ledger,
    RowDefaults defaults,
    FeedOptions options,
    TimeProvider time,
    Func<double> random,
    ILogger<TermFeeds> logger)
{
    /// <summary>An audit's looks are spread over at most this long, so that it is a drizzle and not a storm.</summary>
    private static readonly TimeSpan LongestSpread = TimeSpan.FromMinutes(30);

    private const double Jitter = 0.1;

    /// <summary>When what is pending was last read, or tried to: evidence that the term's loops turn.</summary>
    public DateTimeOffset LastTurn { get; private set; }

    /// <summary>NOTIFY as a hint: which user, or "anything may have changed" after each reconnect.</summary>
    public async Task ChangesAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        await foreach (var hint in changes.WatchAsync(cancellationToken))
        {
            if (hint.UserId is { } user)
            {
                Add(queue, user, Priority.User, AddKind.NewGeneration);
            }
            else
            {
                await TryAsync(() => EnqueuePendingAsync(queue, cancellationToken));
            }
        }
    }

    /// <summary>The truth behind the hints: generations nobody has observed, retries that are due.</summary>
    public async Task PendingAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        while (true)
        {
            LastTurn = time.GetUtcNow();
            await TryAsync(() => EnqueuePendingAsync(queue, cancellationToken));
            await Task.Delay(changes.IsListening ? options.Pending : options.PendingWithoutListen, time, cancellationToken);
        }
    }

    public async Task ResyncAsync(Func<Task> pass, CancellationToken cancellationToken)
    {
        await foreach (var _ in JitteredCronLoop.Ticks(options.Resync, Jitter, time, random, cancellationToken))
        {
            await pass();
        }
    }

    public async Task AuditAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        await foreach (var tick in JitteredCronLoop.Ticks(options.Audit, Jitter, time, random, cancellationToken))
        {
            var next = options.Audit.Next(tick) ?? tick + LongestSpread;
            var spread = (next - tick) * 0.8;
            await TryAsync(() => AuditOnceAsync(queue, spread < LongestSpread ? spread : LongestSpread, cancellationToken));
        }
    }

    /// <summary>Level-triggered repair of what the database trigger missed: rows made before it, a trigger that was off, an expiry that passed.</summary>
    public async Task TiersAsync(WorkQueue<Guid> queue, Leadership leadership, CancellationToken cancellationToken)
    {
        var told = false;
        while (true)
        {
            await TryAsync(async () =>
            {
                if (!told)
                {
                    await store.WriteDefaultsAsync(leadership.Token, defaults, cancellationToken);
                    told = true;
                }

                var touched = await store.SyncTiersAsync(leadership.Token, cancellationToken);
                if (touched.Count > 0)
                {
                    HostLog.TiersRepaired(logger, touched.Count);
                }

                foreach (var user in touched)
                {
                    Add(queue, user, Priority.User, AddKind.NewGeneration);
                }
            });
            await Task.Delay(options.Tiers, time, cancellationToken);
        }
    }

    /// <summary>What was learnt before we led is written down soon after.</summary>
    public async Task MemoryAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await TryAsync(() => memory.WriteAsync(cancellationToken));
            await Task.Delay(options.Pending, time, cancellationToken);
        }
    }

    public Task SignalsAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken) => signals.RunAsync(queue, cancellationToken);

    private async Task EnqueuePendingAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        foreach (var pending in await store.ReadPendingAsync(cancellationToken))
        {
            var isNew = pending.Reason == PendingReason.NewGeneration;
            Add(queue, pending.UserId, isNew ? Priority.User : Priority.Incident, isNew ? AddKind.NewGeneration : AddKind.Hint);
        }
    }

    private async Task AuditOnceAsync(WorkQueue<Guid> queue, TimeSpan spread, CancellationToken cancellationToken)
    {
        var summaries = await store.ReadSummariesAsync(cancellationToken);
        var live = summaries.Where(s => s.Live).DistinctBy(s => s.UserId).ToList();
        HostLog.Auditing(logger, live.Count, spread);
        foreach (var user in live)
        {
            deep.Add(user.UserId);
            Add(queue, user.UserId, Priority.Resync, AddKind.Hint, spread * random());
        }

        // A late create of ours may have landed after its app was recorded as gone; an app without machines shows in no other list.
        var gone = summaries.Where(s => !s.Live && !s.Run).ToDictionary(s => s.AppName, s => s.UserId, StringComparer.Ordinal);
        if (gone.Count == 0)
        {
            return;
        }

        foreach (var app in await fly.ListAppsAsync(orgSlug, cancellationToken))
        {
            if (gone.TryGetValue(app.Name, out var user))
            {
                Add(queue, user, Priority.Resync, AddKind.Hint);
            }
        }
    }

    private void Add(WorkQueue<Guid> queue, Guid user, Priority priority, AddKind kind, TimeSpan delay = default)
    {
        if (kind == AddKind.NewGeneration)
        {
            ledger.Wished(user);
        }

        queue.Add(user, priority, kind, delay);
    }

    /// <summary>A source's trouble is logged and the feed goes on: the next turn reads the level, so nothing is lost.</summary>
    private async Task TryAsync(Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            HostLog.StoreUnavailable(logger, exception.Message);
        }
        catch (FlyApiException exception)
        {
            InformerLog.LookFailed(logger, 1, options.Pending, exception.Message);
        }
    }
}
