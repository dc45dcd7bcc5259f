using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// Keeps the fleet's numbers for the scrape: read now and then, and only by the leader, so that two replicas do not count every
/// user twice. A scrape itself never asks the database.
/// </summary>
internal sealed class FleetStatisticsWatch(
    IFleetStatistics source, Func<bool> leads, TimeSpan interval, TimeProvider time, ILogger<FleetStatisticsWatch> logger)
{
    /// <summary>How soon a fresh leader is noticed.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private FleetStatistics? _last;

    /// <summary>Null on a standby, and before the first answer.</summary>
    public FleetStatistics? Last => leads() ? Volatile.Read(ref _last) : null;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Volatile.Write(ref _last, leads() ? await TryReadAsync(cancellationToken) : null);
            var wait = Last is null && Step < interval ? Step : interval;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>The numbers before stay when there are no newer ones: their gap would look like a fleet that is gone.</summary>
    private async Task<FleetStatistics?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            HostLog.StoreUnavailable(logger, exception.Message);
            return _last;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            HostLog.CountingFailed(logger, exception); // a defect here must not stop the daemon, nor leave numbers that never change
            return null;
        }
    }
}
