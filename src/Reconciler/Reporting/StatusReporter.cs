using Reconciler.Leading;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Reporting;

/// <summary>
/// Writes statuses in batches that form by themselves: while one write is under way, the next ones gather, so that a burst
/// of a thousand users costs a handful of transactions and a single user waits for nobody.
/// </summary>
internal sealed class StatusReporter(IStore store, ReconcilerTelemetry telemetry)
{
    private const int MaxBatch = 1000;

    private readonly Lock _gate = new();
    private readonly List<Entry> _gathering = [];
    private bool _writing;

    private sealed record Entry(StatusWrite Write, Leadership Leadership, TaskCompletionSource<bool> Done);

    /// <returns>True when the row changed.</returns>
    /// <exception cref="StaleEpochException">Another process leads; nothing was written.</exception>
    public Task<bool> WriteAsync(StatusWrite write, Leadership leadership)
    {
        var entry = new Entry(write, leadership, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            _gathering.Add(entry);
            if (_writing)
            {
                return entry.Done.Task;
            }

            _writing = true;
        }

        _ = DrainAsync(); // never throws: every outcome goes to the entries
        return entry.Done.Task;
    }

    private async Task DrainAsync()
    {
        while (true)
        {
            List<Entry> batch;
            lock (_gate)
            {
                if (_gathering.Count == 0)
                {
                    _writing = false;
                    return;
                }

                batch = [.. _gathering.Take(MaxBatch)];
                _gathering.RemoveRange(0, batch.Count);
            }

            foreach (var group in batch.GroupBy(e => e.Leadership))
            {
                await WriteBatchAsync([.. group], group.Key);
            }
        }
    }

    private async Task WriteBatchAsync(List<Entry> batch, Leadership leadership)
    {
        try
        {
            // Not cancelled by a shutdown: a status that was earned is written while the lease lasts; the store has its own timeouts.
            var changed = await store.WriteStatusesAsync(leadership.Token, [.. batch.Select(e => e.Write)], CancellationToken.None);
            var set = changed.ToHashSet();
            foreach (var entry in batch)
            {
                entry.Done.SetResult(set.Contains(entry.Write.UserId));
            }
        }
        catch (StatusRejectedException rejection)
        {
            // One bad row does not fail its neighbours.
            foreach (var entry in batch)
            {
                if (rejection.Rejected.TryGetValue(entry.Write.UserId, out var reason))
                {
                    entry.Done.SetException(new StatusRejectedException(
                        new Dictionary<Guid, string> { [entry.Write.UserId] = reason }, []));
                }
                else
                {
                    entry.Done.SetResult(rejection.Written.Contains(entry.Write.UserId));
                }
            }
        }
        catch (Exception exception)
        {
            if (exception is StaleEpochException)
            {
                telemetry.WriteFenced();
            }

            foreach (var entry in batch)
            {
                entry.Done.SetException(exception);
            }
        }
    }
}
