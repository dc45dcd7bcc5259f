using Reconciler.Guarding;
using Reconciler.Queueing;
using Reconciler.Telemetry;
using Reconciler.Texts;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// Looks at the tripwire whether or not any user is being reconciled: a fleet that has shrunk is told at once, and when the hold
/// ends, everybody whom it kept back is looked at without waiting for the next pass.
/// </summary>
internal sealed class HoldWatch(IStore store, IFleetGuard guard, TimeSpan interval, TimeProvider time, ILogger<HoldWatch> logger)
{
    private string? _hold;

    /// <summary>What the tripwire holds for; null when it does not, or when we do not lead.</summary>
    public string? Hold => Volatile.Read(ref _hold);

    public async Task RunAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await TryLookAsync(queue, cancellationToken);
                await Task.Delay(interval, time, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _hold, null);
        }
    }

    private async Task TryLookAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        try
        {
            var now = (await guard.ReadAsync(forced: false, afresh: false, cancellationToken)).Hold;
            if (now is not null && _hold is null)
            {
                HostLog.FleetHeld(logger, UntrustedText.ForLog(now));
            }
            else if (now is null && _hold is not null)
            {
                HostLog.HoldEnded(logger, await EnqueueHeldAsync(queue, cancellationToken));
            }

            // Only now: a hold whose end could not be told to the queue has not ended here.
            Volatile.Write(ref _hold, now);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            HostLog.StoreUnavailable(logger, exception.Message);
        }
    }

    /// <summary>Whose tier is gone, and whose tier came back without a new generation, as when only the reading of it was wrong.</summary>
    private async Task<int> EnqueueHeldAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        var count = 0;
        foreach (var user in await store.ReadSummariesAsync(cancellationToken))
        {
            if (user is { Live: true, Former: false } && (!user.Run || user.Fingerprint == 0))
            {
                queue.Add(user.UserId, Priority.Resync, AddKind.Hint);
                count++;
            }
        }

        return count;
    }
}
