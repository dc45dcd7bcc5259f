using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// One replica at work: keeps the view of Fly and the policy warm, contends for the lease, and leads while it has it. The
/// daemon is this with a host around it.
/// </summary>
internal static class Replica
{
    private static readonly TimeSpan ConnectRetry = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reads the key of our digests, for as long as it takes: the database may be away or not yet migrated when we start, and a
    /// restart would not help.
    /// </summary>
    public static async Task<byte[]> ConnectAsync(IStore store, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await FleetMemory.DigestKeyAsync(store, cancellationToken);
            }
            catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
            {
                HostLog.StoreUnavailable(logger, exception.Message);
                await Task.Delay(ConnectRetry, time, cancellationToken);
            }
        }
    }

    /// <param name="core">The object graph of this process.</param>
    /// <param name="term">From <see cref="Core.Term"/>.</param>
    /// <param name="stopping">Asks to drain, release the lease and return.</param>
    /// <exception cref="LoopEndedException">A loop that must never end has ended.</exception>
    public static async Task RunAsync(Core core, ControllerTerm term, CancellationToken stopping)
    {
        using var warm = new CancellationTokenSource();
        var informing = core.Informer.RunAsync(warm.Token);
        await core.Policies.RefreshAsync(stopping);
        var watching = core.Policies.RunAsync(warm.Token);
        var leading = core.Elector.RunAsync(term.RunAsync, stopping);

        // The view and the policy outlive the drain: reconciles under way still need them.
        var first = await Task.WhenAny(leading, informing, watching);
        await warm.CancelAsync();
        await first;
        if (first != leading)
        {
            throw new LoopEndedException(first == informing ? "informer" : "policy", first.Exception);
        }
    }
}
